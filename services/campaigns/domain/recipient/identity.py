"""Which recipients are one person: merged ids lead to one that goes on, and it knows those it goes on for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.campaigns.domain.recipient.state import Recipient

Load = Callable[[Sequence[str]], Mapping[str, Recipient]]


@dataclass(frozen=True, slots=True)
class Whole:
    """A person: the id that goes on, and every recipient that is this person, that one first."""

    id: str
    group: Mapping[str, Recipient]

    @property
    def people(self) -> Sequence[Recipient]:
        """The recipients, the one that goes on first."""
        return tuple(self.group.values())

    @property
    def refs(self) -> tuple[str, ...]:
        """Every id and every linked identifier of the person."""
        linked = (ref for one in self.group.values() for ref in one.refs)
        return tuple(dict.fromkeys([*self.group, *linked]))


def persons(asked: Sequence[str], load: Load) -> dict[str, Whole]:
    """Return each person by the id asked for; `load` gives recipients by id, new ones for those unknown."""
    held = dict(load(asked))
    while beyond := {r.into for r in held.values() if r.into} - set(held):
        held |= load(sorted(beyond))
    roots = {key: _root(key, held) for key in asked}
    while more := {a for one in held.values() for a in one.absorbed} - set(held):
        held |= load(sorted(more))
    return {key: Whole(root, _group(root, held)) for key, root in roots.items()}


def _root(key: str, held: Mapping[str, Recipient]) -> str:
    seen = {key}
    while (into := held[key].into) and into not in seen:
        seen.add(into)
        key = into
    return key


def _group(root: str, held: Mapping[str, Recipient]) -> dict[str, Recipient]:
    found: dict[str, Recipient] = {}
    waiting = [root]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = held[key]
            waiting += sorted(held[key].absorbed)
    return found
