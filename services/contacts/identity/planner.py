"""Plan what a batch of events says about who is who; interactions are recorded along with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.contacts.channel import interaction
from services.contacts.domain.contact import Absorb, Contact, Discover, Learned, Link, Merge, Suspect
from services.contacts.domain.rules import fits, is_blocked
from services.contacts.identity.index import Index, alias, claim
from shared.contracts.catalogue import Catalogue
from shared.decide import Streams
from shared.errors import Rejected
from shared.identity import Refs
from shared.receive import Heard, Instruct
from shared.receive.plan import Plan, Working

PROFILE = ("given_name", "family_name", "name", "country", "birth_date")


@dataclass(frozen=True, slots=True)
class Named:
    """An event with the identifiers that count, strongest first, and what it says of the person."""

    heard: Heard
    links: tuple[Link, ...]
    learned: tuple[Learned, ...]


class Identifying:
    """The planner of contacts: every event is looked at for identity, its own types are recorded as well."""

    def __init__(
        self, streams: Mapping[str, Streams[Any]], index: Index, refs: Refs, catalogue: Catalogue
    ) -> None:
        self._streams, self._index, self._refs, self._catalogue = streams, index, refs, catalogue

    def plan(self, heard: Sequence[Heard], fresh: bool) -> list[Plan | Rejected]:
        """Return one plan or refusal per event, later ones on what earlier ones found."""
        named = [self._named(event) for event in heard]
        owners = self._index.owners([link.ref for n in named for link in n.links], fresh)
        working = Working("contacts", self._streams, fresh)
        working.read(_touched(named, owners))
        return [self._one(n, owners, working) for n in named]

    def _named(self, heard: Heard) -> Named:
        links = tuple(
            Link(i.kind, self._refs.of(i), i.value)  # type: ignore[arg-type]
            for i in heard.identifiers
            if not is_blocked(i.kind, i.value)
        )
        said = heard.data.get("customer") or {}
        learned = tuple(
            Learned(name, said[name], self._refs.digest(f"{name}:{said[name]}"))  # type: ignore[arg-type]
            for name in PROFILE
            if said.get(name)
        )
        return Named(heard, links, learned)

    def _one(self, named: Named, owners: dict[str, str], working: Working) -> Plan | Rejected:
        try:
            instructions, writes, moved = self._identity(named, owners, working)
            if self._catalogue[named.heard.type].owner == "contacts":
                instructions.append(interaction(named.heard))
            plan = working.decide(named.heard, instructions)
        except Rejected as error:
            return error
        plan.writes += writes
        owners.update(moved)
        return plan

    def _identity(
        self, named: Named, owners: Mapping[str, str], working: Working
    ) -> tuple[list[Instruct], list[Any], dict[str, str]]:
        """Return instructions, index writes, and which refs belong to whom afterwards."""
        if not named.links:
            return [], [], {}
        held = {link.ref: owners[link.ref] for link in named.links if link.ref in owners}
        candidates = list(dict.fromkeys(held.values()))
        target = _target(named.links[0], candidates, working)
        contact: Contact = working.state("contact", target).state
        new = _fitting([link for link in named.links if link.ref not in held], contact)
        links = contact.all_links | {link.ref: link.kind for link in new}
        instructions, writes, moved = self._merges(named, target, candidates, links, working)
        if new or named.learned:
            discover = Discover(target, named.heard.source, tuple(new), named.learned)
            instructions.insert(0, Instruct("contact", target, discover))
        writes += [claim(link.ref, target) for link in new]
        return instructions, writes, moved | {link.ref: target for link in new}

    def _merges(
        self, named: Named, target: str, candidates: Sequence[str], links: dict[str, str], working: Working
    ) -> tuple[list[Instruct], list[Any], dict[str, str]]:
        """Merge the other candidates into the target, as far as all the identifiers fit one person."""
        instructions: list[Instruct] = []
        writes: list[Any] = []
        moved: dict[str, str] = {}
        for other in (c for c in candidates if c != target):
            contact: Contact = working.state("contact", other).state
            together = links | contact.all_links
            if fits(list(together.values())) and contact.status in ("known", "anonymous"):
                links.update(together)
                merge = Merge(target, other, contact.all_links, "named together", named.heard.id)
                instructions += [
                    Instruct("contact", target, merge),
                    Instruct("contact", other, Absorb(other, target)),
                ]
                writes.append(alias(other, target))
                moved |= dict.fromkeys(contact.all_links, target)
            else:
                suspect = Suspect(target, other, "contradicting identifiers", named.heard.id)
                instructions.append(Instruct("contact", target, suspect))
        return instructions, writes, moved


def _touched(named: Sequence[Named], owners: Mapping[str, str]) -> list[Instruct]:
    """Return what has to be read: contacts that gain something, or that may be merged."""
    touched = []
    for n in named:
        contacts = {owners[link.ref] for link in n.links if link.ref in owners}
        if n.learned or len(contacts) > 1 or any(link.ref not in owners for link in n.links):
            touched += [Instruct("contact", c, None) for c in contacts]
    return touched


def _target(strongest: Link, candidates: Sequence[str], working: Working) -> str:
    """Return the contact the event is about: a known one before an anonymous one, then the strongest named.

    When the strongest identifier contradicts what that contact has, it names a contact of its own.
    """
    known = [c for c in candidates if working.state("contact", c).state.status == "known"]
    chosen = next(iter(known or candidates), strongest.ref)
    contact: Contact = working.state("contact", chosen).state
    if strongest.ref in contact.all_links or _fitting([strongest], contact):
        return chosen
    return strongest.ref


def _fitting(links: Sequence[Link], contact: Contact) -> list[Link]:
    """Return the links the contact may still have; one too many is left to stand for itself."""
    kinds, fitting = list(contact.all_links.values()), []
    for link in links:
        if fits([*kinds, link.kind]):
            kinds.append(link.kind)
            fitting.append(link)
    return fitting
