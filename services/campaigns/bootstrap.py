"""Wire campaigns."""

from services.campaigns.channel import APPLY
from services.campaigns.domain import CAMPAIGN, RESPONSE, TOUCH
from shared.config import Settings
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    wiring = Wiring(settings, {"campaigns": CAMPAIGN, "touches": TOUCH, "responses": RESPONSE})
    return wiring.serve(wiring.deciding(APPLY))
