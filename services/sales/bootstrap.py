"""Wire sales."""

from services.sales.channel import APPLY
from services.sales.converting import Converting, convert_route
from services.sales.deals import Deals
from services.sales.domain import AGGREGATES, OPPORTUNITY
from services.sales.following import Following
from services.sales.reactions import REACTIONS
from shared.config import Settings
from shared.events.clock import now
from shared.listing.listing import Listing
from shared.people import TYPES as PEOPLE
from shared.people import People
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    wiring = Wiring(settings, AGGREGATES)
    people = People(wiring.store, wiring.database)
    wiring.preparations.append(people.prepare)
    wiring.known_as = people.group
    deals = Deals(Listing(wiring.database, OPPORTUNITY), wiring.streams, people.groups)
    wiring.react(REACTIONS, Following(wiring.streams, deals, people), sealed=PEOPLE)
    converting = Converting(wiring.store, wiring.streams)
    return wiring.serve(wiring.deciding(APPLY), [convert_route(converting, now)])
