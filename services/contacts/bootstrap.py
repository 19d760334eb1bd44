"""Wire contacts: the front office."""

from typing import Any

from services.contacts.domain import CONTACT, IMPORT_BATCH, INTERACTION, ORGANIZATION, PLAN, VOCABULARY
from services.contacts.domain.standard import STANDARD
from services.contacts.door.front_door import FrontDoor
from services.contacts.door.recent import Recent
from services.contacts.door.routes import door_routes
from services.contacts.door.spool import Spool
from services.contacts.duplicates.finding import Finding
from services.contacts.duplicates.portraits import Portraits
from services.contacts.duplicates.routes import Queue, duplicate_routes
from services.contacts.erasure import Erasure
from services.contacts.identity.index import Index
from services.contacts.identity.planner import Identifying
from services.contacts.identity.who import Who
from services.contacts.merging import Merging
from services.contacts.office.completing import Completing, Concerning
from services.contacts.office.exporting import Exporting
from services.contacts.office.importing import Importing
from services.contacts.office.organizing import Organizing
from services.contacts.office.reading import Reading
from services.contacts.office.registering import Registering
from services.contacts.office.resolving import resolving_route
from services.contacts.office.routes import batch_routes, person_routes
from services.contacts.reacting import Reacting
from services.contacts.reactions import REACTIONS
from services.contacts.routes import contact_routes
from shared.config import SERVICES, Settings
from shared.consume.http_log import HttpLog
from shared.decide.decider import Decider
from shared.events.clock import now
from shared.http.route import Route
from shared.listing.listing import Listing
from shared.plan import Declared
from shared.receive.ear import Ear
from shared.relay.publisher import Publisher
from shared.service.preparing import Preparing
from shared.service.wiring import Wiring
from shared.topology import CHANNELS

AGGREGATES: dict[str, Decider[Any]] = {
    "contacts": CONTACT,
    "interactions": INTERACTION,
    "organizations": ORGANIZATION,
    "plans": PLAN,
    "imports": IMPORT_BATCH,
    "vocabularies": VOCABULARY,
}


class Contacts(Wiring):
    """The front office: wiring and what only contacts has, the front door."""

    spool: Spool
    finding: Finding


def build(settings: Settings) -> Contacts:
    """Return the service, wired."""
    wiring = Contacts(settings, AGGREGATES)
    index, who = Index(wiring.store), Who(wiring.refs)
    declared = Declared(wiring.streams, CONTACT.category, STANDARD)
    wiring.react(REACTIONS, Reacting(wiring.streams, index, who).plan)
    routes = [*_door(wiring), *_office(wiring, index, who, declared)]
    wiring.serve(Identifying(wiring.streams, index, who, wiring.catalogue, declared), routes)
    return wiring


def _peers(settings: Settings) -> dict[str, HttpLog]:
    others = (name for name in SERVICES if name != settings.service)
    return {name: HttpLog(name, settings.peer(name), settings.service_key) for name in others}


def _door(wiring: Contacts) -> list[Route]:
    publisher = Publisher(wiring.settings.amqp_url, exchange=CHANNELS, require_route=True)
    wiring.spool = Spool(wiring.database, wiring.vault, wiring.refs, publisher, now)
    wiring.preparations.append(wiring.spool.prepare)
    ear = Ear(wiring.catalogue, wiring.refs, now)
    door = FrontDoor(ear, Recent(wiring.store), publisher, wiring.spool, wiring.settings.partitions)
    return door_routes(door)


def _office(wiring: Contacts, index: Index, who: Who, declared: Declared) -> list[Route]:
    store, streams, contacts = wiring.store, wiring.streams, wiring.streams["contact"]
    organizing = Organizing(store, streams, index)
    complete = Completing(contacts, index, wiring.refs, who, declared)
    wiring.preparing["contact"] = Preparing(index.root, complete)
    wiring.preparing["interaction"] = Preparing(complete=Concerning(contacts, index))
    wiring.preparing["organization"] = Preparing(organizing.resolve, organizing.complete)
    registering = Registering(store, wiring.vault, streams, index, who, declared)
    reading = Reading(contacts, index, wiring.vault, declared)
    exporting = Exporting(store, contacts, index, wiring.vault, _peers(wiring.settings))
    portraits, leadership = Portraits(store, wiring.vault), wiring.leadership("duplicates")
    wiring.finding = Finding(store, contacts, portraits, wiring.refs, leadership, now)
    queue = Queue(Listing(wiring.database, CONTACT), contacts, index)
    merging, erasure = Merging(store, contacts, index), Erasure(contacts, index, wiring.vault)
    return [
        resolving_route(contacts, index),
        *contact_routes(merging, erasure, index, wiring.refs, now),
        *duplicate_routes(queue),
        *person_routes(registering, reading, exporting, now),
        *batch_routes(Importing(store, streams, registering), organizing, now),
    ]
