"""Open what contacts tell of themselves, in memory, for as long as it takes to compare them."""

from collections.abc import Iterable, Mapping, Sequence

from services.contacts.duplicates.person import Person, person_of
from shared.events import Event
from shared.privacy import Vault
from shared.privacy.sealing import is_sealed
from shared.store.lots import in_lots
from shared.store.port import Store

# Events after which a contact is looked at anew.
TELLING = frozenset(
    {
        "ContactRegistered", "ProfileAttributeChanged", "ProfileAttributeExpired", "ContactPointAdded",
        "ContactPointRemoved", "ContactRestored", "ContactErased", "ContactAbsorbed",
    }
)  # fmt: skip
COMPARED = ("given_name", "family_name", "birth_date", "name")
GONE = ("ContactErased", "ContactAbsorbed", "ContactRestored")
Place = tuple[str, str, str]  # sealed or plain text, stream, field


class Portraits:
    """Reads contacts; who was erased, is an alias or tells no name and date of birth has no portrait."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store, self._vault = store, vault

    def of(self, contacts: Sequence[str]) -> dict[str, Person]:
        """Return the portraits by contact."""
        portraits: dict[str, Person] = {}
        for lot in in_lots(contacts):
            streams = self._store.read_streams([f"contact-{c}" for c in lot])
            told = {s.removeprefix("contact-"): _told(e) for s, e in streams.items()}
            portraits |= self._opened({c: places for c, places in told.items() if places})
        return portraits

    def _opened(self, told: Mapping[str, Mapping[str, Place]]) -> dict[str, Person]:
        sealed = [p for places in told.values() for p in places.values() if is_sealed(p[0])]
        texts = dict(zip(sealed, self._vault.open_many(sealed), strict=True))
        people = {c: {n: texts.get(p, p[0]) or "" for n, p in places.items()} for c, places in told.items()}
        return {c: _person(said) for c, said in people.items() if any(said.get(n) for n in COMPARED)}


def _person(said: Mapping[str, str]) -> Person:
    given, family, born, name = (said.get(field, "") for field in COMPARED)
    return person_of(given, family, born, said.get("address", ""), name)


def _told(events: Iterable[Event]) -> dict[str, Place]:
    """Return the latest text of each compared field, and of the last postal address not removed."""
    places: dict[str, Place] = {}
    postal: dict[str, Place] = {}
    here = True
    for event in events:
        data = event.data
        match event.type:
            case "ProfileAttributeChanged" if data["field"] in COMPARED:
                places[data["field"]] = (str(data["to"]), event.stream, "to")
            case "ProfileAttributeExpired":
                places.pop(data["field"], None)
            case "ContactPointAdded" if data["kind"] == "postal":
                postal[data["point_id"]] = (str(data["value"]), event.stream, "value")
            case "ContactPointRemoved":
                postal.pop(data["point_id"], None)
            case kind if kind in GONE:
                here = kind == "ContactRestored"
    if postal:
        places["address"] = list(postal.values())[-1]
    return places if here else {}
