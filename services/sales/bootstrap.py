"""Wire sales."""

from services.sales.channel import APPLY
from services.sales.domain import AGGREGATES
from shared.config import Settings
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    wiring = Wiring(settings, AGGREGATES)
    return wiring.serve(wiring.deciding(APPLY))
