"""Wire sales."""

from services.sales.channel import APPLY
from services.sales.converting import Converting, convert_route
from services.sales.domain import AGGREGATES
from services.sales.reactions import REACTIONS
from shared.config import Settings
from shared.events.clock import now
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    wiring = Wiring(settings, AGGREGATES)
    wiring.react(REACTIONS)
    converting = Converting(wiring.store, wiring.streams)
    return wiring.serve(wiring.deciding(APPLY), [convert_route(converting, now)])
