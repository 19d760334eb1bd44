"""Wire support."""

from services.support.channel import APPLY
from services.support.domain import AGGREGATES
from services.support.following import Following
from services.support.policies import Policies, promising
from services.support.reactions import REACTIONS, SEALED
from services.support.routes import CaseDesk, TicketDesk
from services.support.self_service import SelfService
from shared.config import Settings
from shared.events.clock import now
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    policies = Policies(now)
    wiring = Wiring(settings, {**AGGREGATES, "tickets": promising(policies.of)})
    policies.database = wiring.database
    wiring.react(REACTIONS, Following(settings.service, wiring.streams), SEALED)
    tickets, cases = wiring.streams["ticket"], wiring.streams["case"]
    routes = [
        *TicketDesk(tickets, now).routes(),
        *CaseDesk(cases, now).routes(),
        *SelfService(tickets, wiring.refs, wiring.vault).routes(),
    ]
    return wiring.serve(wiring.deciding(APPLY), routes)
