"""Wire campaigns."""

from services.campaigns.audiences import Audiences
from services.campaigns.channel import APPLY
from services.campaigns.domain import CAMPAIGN, RESPONSE, SEGMENT, TOUCH
from services.campaigns.routes import campaign_routes
from shared.config import Settings
from shared.events.clock import now
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    wiring = Wiring(
        settings, {"campaigns": CAMPAIGN, "segments": SEGMENT, "touches": TOUCH, "responses": RESPONSE}
    )
    audiences = Audiences(wiring.store, wiring.streams["campaign"])
    return wiring.serve(wiring.deciding(APPLY), campaign_routes(audiences, now))
