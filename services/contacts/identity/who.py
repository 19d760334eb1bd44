"""Who somebody is: find the contact that identifiers name, link what is new, merge what belongs together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.contacts.domain.contact import Absorb, Contact, Discover, Learned, Link, Merge, Suspect
from services.contacts.domain.rules import NOTHING, SHARED, fits
from services.contacts.identity.index import alias, claim
from shared.identity import Identifier, Refs
from shared.receive import Instruct
from shared.receive.plan import Working
from shared.store.write import Write


@dataclass(frozen=True, slots=True)
class Named:
    """The identifiers that count, strongest first, and what is said of the person.

    `evidence` names the event that says so; `fallback` is the contact of somebody without identifiers.
    """

    source: str
    evidence: str
    links: tuple[Link, ...]
    learned: tuple[Learned, ...]
    fallback: str | None = None


@dataclass
class Found:
    """The contact, the commands that make it so, index writes, and which refs belong to whom afterwards."""

    contact: str | None = None
    instructions: list[Instruct] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)


class Who:
    """Works out identity from what is known; reads nothing itself."""

    def __init__(self, refs: Refs) -> None:
        self._refs = refs

    def named(
        self,
        source: str,
        evidence: str,
        identifiers: Iterable[Identifier],
        said: Mapping[str, str],
        keep: Mapping[str, datetime | None] | None = None,
    ) -> Named:
        """Return what identifiers and profile say, each with its keyed hash; `keep` tells until when."""
        until = keep or {}
        links = tuple(
            Link(i.kind, self._refs.of(i), i.value)  # type: ignore[arg-type]
            for i in identifiers
        )
        learned = tuple(
            Learned(name, value, self._refs.digest(f"{name}:{value}"), until.get(name))
            for name, value in said.items()
            if value
        )
        return Named(source, evidence, links, learned)

    def digest(self, name: str, value: str) -> str:
        """Return the keyed hash of a profile value; NOTHING for a cleared one."""
        return self._refs.digest(f"{name}:{value}") if value else NOTHING

    def find(self, named: Named, owners: Mapping[str, str], working: Working) -> Found:
        """Return whom it names, on what the batch has found before."""
        links = [link for link in named.links if owners.get(link.ref) != SHARED]
        if not links:
            return _without_identifiers(named)
        held = {link.ref: owners[link.ref] for link in links if link.ref in owners}
        candidates = list(dict.fromkeys(held.values()))
        target = _target(links[0], candidates, working)
        contact: Contact = working.state("contact", target).state
        new = _fitting([link for link in links if link.ref not in held], contact)
        kinds = contact.all_links | {link.ref: link.kind for link in new}
        found = self._merges(named, target, candidates, kinds, working)
        if new or named.learned:
            known = named.fallback is not None
            discover = Discover(target, named.source, tuple(new), named.learned, known)
            found.instructions.insert(0, Instruct("contact", target, discover))
        found.writes += [claim(link.ref, target) for link in new]
        found.moved |= {link.ref: target for link in new}
        return found

    def _merges(
        self, named: Named, target: str, candidates: Sequence[str], links: dict[str, str], working: Working
    ) -> Found:
        """Merge the other candidates into the target, as far as all the identifiers fit one person."""
        found = Found(target)
        for other in (c for c in candidates if c != target):
            contact: Contact = working.state("contact", other).state
            together = links | contact.all_links
            if fits(list(together.values())) and contact.status in ("known", "anonymous"):
                links.update(together)
                merge = Merge(target, other, contact.all_links, "named together", named.evidence)
                found.instructions += [
                    Instruct("contact", target, merge),
                    Instruct("contact", other, Absorb(other, target)),
                ]
                found.writes.append(alias(other, target))
                found.moved |= dict.fromkeys(contact.all_links, target)
            else:
                suspect = Suspect(target, other, "contradicting identifiers", named.evidence)
                found.instructions.append(Instruct("contact", target, suspect))
        return found


def touched(named: Sequence[Named], owners: Mapping[str, str]) -> list[Instruct]:
    """Return what has to be read: contacts that gain something, or that may be merged."""
    touched = []
    for n in named:
        contacts = {owners[link.ref] for link in n.links if owners.get(link.ref)}
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


def _without_identifiers(named: Named) -> Found:
    if named.fallback is None:
        return Found()
    discover = Discover(named.fallback, named.source, (), named.learned, known=True)
    return Found(named.fallback, [Instruct("contact", named.fallback, discover)])
