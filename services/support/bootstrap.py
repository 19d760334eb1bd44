"""Wire support."""

from typing import Any

from services.support.channel import APPLY
from services.support.domain import CALENDAR, SLA_POLICY, TICKET
from services.support.policies import Policies, promising
from services.support.reactions import REACTIONS
from services.support.routes import ticket_routes
from shared.config import Settings
from shared.decide import Decider
from shared.events.clock import now
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    policies = Policies(now)
    aggregates: dict[str, Decider[Any]] = {
        "tickets": promising(policies.of),
        "policies": SLA_POLICY,
        "calendars": CALENDAR,
    }
    wiring = Wiring(settings, aggregates)
    policies.database = wiring.database
    wiring.react(REACTIONS)
    return wiring.serve(wiring.deciding(APPLY), ticket_routes(wiring.streams[TICKET.category], now))
