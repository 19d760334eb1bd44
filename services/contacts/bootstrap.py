"""Wire contacts: the front office."""

from services.contacts.domain import CONTACT, INTERACTION
from services.contacts.door.front_door import FrontDoor
from services.contacts.door.recent import Recent
from services.contacts.door.routes import door_routes
from services.contacts.door.spool import Spool
from services.contacts.erasure import Erasure
from services.contacts.identity.index import Index
from services.contacts.identity.planner import Identifying
from services.contacts.merging import Merging
from services.contacts.routes import contact_routes
from shared.config import Settings
from shared.events.clock import now
from shared.receive.ear import Ear
from shared.relay.publisher import Publisher
from shared.service.wiring import Wiring
from shared.topology import CHANNELS


class Contacts(Wiring):
    """The front office: wiring and what only contacts has, the front door."""

    spool: Spool


def build(settings: Settings) -> Contacts:
    """Return the service, wired."""
    wiring = Contacts(settings, {"contacts": CONTACT, "interactions": INTERACTION})
    index = Index(wiring.store)
    publisher = Publisher(settings.amqp_url, exchange=CHANNELS, require_route=True)
    wiring.spool = Spool(wiring.database, wiring.vault, wiring.refs, publisher, now)
    wiring.preparations.append(wiring.spool.prepare)
    ear = Ear(wiring.catalogue, wiring.refs, now)
    door = FrontDoor(ear, Recent(wiring.store), publisher, wiring.spool, settings.partitions)
    contacts = wiring.streams["contact"]
    merging = Merging(wiring.store, contacts, index)
    erasure = Erasure(contacts, index, wiring.vault)
    routes = [*door_routes(door), *contact_routes(merging, erasure, index, wiring.refs, now)]
    wiring.serve(Identifying(wiring.streams, index, wiring.refs, wiring.catalogue), routes)
    return wiring
