"""What a batch of entries means for the views: which keys, from which base, with which events."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.events import Event
from shared.project.entry import Entry
from shared.project.forest import Forest
from shared.project.journal import Journal
from shared.project.lot import Lot
from shared.project.projection import Projection, View
from shared.project.target import Target

Load = Callable[[Iterable[str]], dict[str, View]]


@dataclass(slots=True)
class Work:
    """Fold `entries` onto `base`, or onto nothing when `afresh`. `batch` is what to park when that fails."""

    key: str
    base: View | None
    entries: list[Entry]
    batch: list[Entry]
    afresh: bool = False


@dataclass(slots=True)
class Plan:
    """The works of a batch, and the keys whose views are no longer wanted."""

    works: list[Work] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


class Planner(Protocol):
    """Turns a batch into a plan, and a parked key into the work of folding it."""

    def plan(self, lot: Lot, settled: int, load: Load) -> Plan:
        """Return the plan of a batch."""
        ...

    def keyed(self, lot: Lot) -> Iterator[tuple[str, Entry]]:
        """Yield each key that an entry of the lot belongs to, with the entry as it was journaled."""
        ...

    def work(self, key: str, base: View | None, entries: Sequence[Entry]) -> Work:
        """Return the work of folding such entries of one key onto its view."""
        ...

    def again(self, key: str, parked: Sequence[int], target: Target) -> Work:
        """Return the work that the journal positions parked for a key come to."""
        ...


class ByKey:
    """The key is in the event."""

    def __init__(self, projection: Projection, journal: Journal) -> None:
        self._parts, self._journal = projection.parts, journal

    def plan(self, lot: Lot, settled: int, load: Load) -> Plan:  # noqa: ARG002 part of the port
        """Group the heard entries by key and load their views."""
        groups: dict[str, list[Entry]] = {}
        for entry in lot.entries:
            for key, part in self._parts(entry.event):
                groups.setdefault(key, []).append(_seen(entry, part))
        views = load(groups)
        return Plan([Work(key, views.get(key), mine, mine) for key, mine in groups.items()])

    def again(self, key: str, parked: Sequence[int], target: Target) -> Work:
        """Return the work of folding the parked entries onto the view as it is."""
        return self.work(key, target.load([key]).get(key), self._journal.at(parked))

    def keyed(self, lot: Lot) -> Iterator[tuple[str, Entry]]:
        """Yield the heard entries, once for every key they are split into."""
        return ((key, entry) for entry in lot.entries for key in dict(self._parts(entry.event)))

    def work(self, key: str, base: View | None, entries: Sequence[Entry]) -> Work:
        """Return the work of folding what the entries are for this key."""
        parts = [_seen(e, part) for e in entries for k, part in self._parts(e.event) if k == key]
        return Work(key, base, parts, parts)


def _seen(entry: Entry, part: Event) -> Entry:
    """Return the entry with the event as one view sees it."""
    return entry if part is entry.event else Entry(entry.position, part)


class ByCustomer:
    """The key is the root of the event's customer; an identity event folds the touched customers afresh.

    Entries are resolved with a forest that may be ahead of the batch or, until an identity event is read,
    behind. Both are harmless: every identity event after `settled` folds its customers again from the journal
    when it is reached (tests/integration/analytics/test_identity.py).
    """

    def __init__(self, projection: Projection, journal: Journal, forest: Forest) -> None:
        self._types, self._journal, self._forest = projection.types, journal, forest

    def plan(self, lot: Lot, settled: int, load: Load) -> Plan:
        """Group the heard entries by customer; find the customers that have to be folded afresh."""
        self._forest.forget({edge.child for _, edge in lot.edges})
        moved = self._moved(lot, settled, load)
        groups: dict[str, list[Entry]] = {}
        for key, entry in self.keyed(lot):
            groups.setdefault(key, []).append(entry)
        roots = self._forest.roots(moved)
        afresh = {roots[ref]: entry for ref, entry in moved.items()}
        views = load(groups.keys() | moved.keys() | afresh.keys())
        works = [Work(k, views.get(k), mine, mine) for k, mine in groups.items() if k not in afresh]
        works += self._afresh(afresh, groups, views, lot.passage.position)
        return Plan(works, [ref for ref in moved if roots[ref] != ref and ref in views])

    def keyed(self, lot: Lot) -> Iterator[tuple[str, Entry]]:
        """Yield the heard entries with the roots of their customers."""
        heard = [e for e in lot.entries if e.event.type in self._types and e.event.meta.customer]
        roots = self._forest.roots(str(e.event.meta.customer) for e in heard)
        return ((roots[str(e.event.meta.customer)], e) for e in heard)

    def work(self, key: str, base: View | None, entries: Sequence[Entry]) -> Work:
        """Return the work of folding the entries as they are."""
        return Work(key, base, [*entries], [*entries])

    def again(self, key: str, parked: Sequence[int], target: Target) -> Work:  # noqa: ARG002 part of the port
        """Return the work of folding the customer from the journal, all its refs included."""
        self._forest.forget([key])
        root = self._forest.root(key)
        target.load([root])
        (work,) = self._afresh({root: None}, {}, {}, target.at.position)
        return work

    def _afresh(
        self, roots: Mapping[str, Entry | None], groups: dict[str, list[Entry]], views: dict[str, View],
        upto: int,
    ) -> list[Work]:  # fmt: skip
        works = []
        members = self._forest.groups(roots)
        for root, cause in roots.items():
            history = self._journal.of_customers(members[root], upto)
            entries = [e for e in history if e.event.type in self._types]
            batch = groups.get(root) or ([cause] if cause else [])
            works.append(Work(root, views.get(root), entries, batch, afresh=True))
        return works

    def _moved(self, lot: Lot, settled: int, load: Load) -> dict[str, Entry]:
        """Return the refs whose customers change, with the entry that says so.

        A child without a view of its own and with one parent ever has nothing that could move: most links of
        new identifiers are of this kind and cost no second fold.
        """
        edges = [(entry, edge) for entry, edge in lot.edges if entry.position > settled]
        views = load({edge.child for _, edge in edges})
        aliases = lot.aliases(self._forest) if edges else {}
        moved: dict[str, Entry] = {}
        for entry, edge in edges:
            seen = aliases[edge.child]["seen"]
            if not edge.on or edge.child in views or len(seen) > 1:
                moved |= dict.fromkeys([edge.child, edge.parent, *seen], entry)
        return moved


def planner(projection: Projection, journal: Journal, forest: Forest) -> Planner:
    """Return the planner that fits the projection's key."""
    if projection.by_customer:
        return ByCustomer(projection, journal, forest)
    return ByKey(projection, journal)
