"""Plan what a batch of events says about who is who; interactions are recorded along with it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.contacts.channel import interaction
from services.contacts.identity.index import Index
from services.contacts.identity.who import Named, Who, touched
from shared.contracts.catalogue import Catalogue
from shared.decide import Streams
from shared.errors import Rejected
from shared.plan import Declared
from shared.receive import Heard
from shared.receive.plan import Plan, Working

PROFILE = ("given_name", "family_name", "name", "country", "birth_date")


class Identifying:
    """The planner of contacts: every event is looked at for identity, its own types are recorded as well."""

    def __init__(
        self,
        streams: Mapping[str, Streams[Any]],
        index: Index,
        who: Who,
        catalogue: Catalogue,
        declared: Declared,
    ) -> None:
        self._streams, self._index, self._who, self._catalogue = streams, index, who, catalogue
        self._declared = declared

    def plan(self, heard: Sequence[Heard], fresh: bool) -> list[Plan | Rejected]:
        """Return one plan or refusal per event, later ones on what earlier ones found."""
        days = self._declared.retention()
        named = [self._named(event, days) for event in heard]
        owners = self._index.owners([link.ref for n in named for link in n.links], fresh)
        working = Working("contacts", self._streams, fresh)
        working.read(touched(named, owners))
        return [self._one(h, n, owners, working) for h, n in zip(heard, named, strict=True)]

    def _named(self, heard: Heard, days: Mapping[str, int]) -> Named:
        said = heard.data.get("customer") or {}
        profile = {name: said[name] for name in PROFILE if said.get(name)}
        keep = {name: heard.time + timedelta(days=days[name]) for name in profile if name in days}
        return self._who.named(heard.source, heard.id, heard.identifiers, profile, keep)

    def _one(self, heard: Heard, named: Named, owners: dict[str, str], working: Working) -> Plan | Rejected:
        try:
            found = self._who.find(named, owners, working)
            if self._catalogue[heard.type].owner == "contacts":
                found.instructions.append(interaction(heard))
            plan = working.decide(heard, found.instructions)
        except Rejected as error:
            return error
        plan.writes += found.writes
        owners.update(found.moved)
        return plan
