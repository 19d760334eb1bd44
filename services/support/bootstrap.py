"""Wire support."""

from services.support.channel import APPLY
from services.support.domain import TICKET
from shared.config import Settings
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    wiring = Wiring(settings, {"tickets": TICKET})
    return wiring.serve(wiring.deciding(APPLY))
