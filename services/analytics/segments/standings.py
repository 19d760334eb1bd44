"""Assess customers and append what is new, with due moments and sizes of segments in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.analytics.domain.standing import STANDING, Standing
from services.analytics.domain.standing.commands import Assess
from services.analytics.segments.assessing import assessed, opened
from services.analytics.segments.criteria import InForce
from services.analytics.segments.merging import CATEGORY, joinings, partings
from services.analytics.segments.writing import DUE, Change, commit_of, due_change
from shared.decide import Streams
from shared.errors import Unavailable
from shared.events import Event
from shared.events.clock import Clock
from shared.privacy import Vault
from shared.project.forest import Forest
from shared.receive import Instruct
from shared.receive.plan import Working
from shared.store.port import Commit, Done, Store
from shared.store.write import Remove

ROUNDS, REMEMBERED = 5, 200_000
Causes = Mapping[str, Event | None]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why customers are assessed: the event that is each one's reason, where the journal was, who moved."""

    position: int
    causes: Causes
    moved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """One customer assessed: what is true now and until when, and who belongs to the customer."""

    now: Assess
    due: datetime | None
    group: Sequence[str]


class Standings:
    """Appends the differences between what is true of customers and what was said.

    The version a stream is expected at guards every append: who assesses a customer again, after a crash or
    beside another process, finds no difference and says nothing twice.
    """

    def __init__(self, store: Store, inforce: InForce, vault: Vault, clock: Clock) -> None:
        self._store, self._inforce, self._vault, self._clock = store, inforce, vault, clock
        self.forget()

    def forget(self) -> None:
        """Read every standing and due moment anew: another process may have written since."""
        self._of: Streams[Standing] = Streams(self._store, STANDING, self._vault)
        self._dues: dict[str, datetime | None] = {}

    def assess(self, occasion: Occasion, forest: Forest) -> int:
        """Assess customers by their roots; return how many events that made. Raises Unavailable."""
        waiting, said = list(occasion.causes), 0
        for attempt in range(ROUNDS):
            if not waiting:
                return said
            waiting, events = self._round(occasion, waiting, forest, fresh=attempt > 0)
            said += events
        raise Unavailable(f"{len(waiting)} standings change faster than they can be assessed")

    def _round(
        self, occasion: Occasion, roots: list[str], forest: Forest, *, fresh: bool
    ) -> tuple[list[str], int]:
        at = self._clock()
        cases = self._cases(roots, occasion.moved, forest, at, fresh)
        dues = self._due(roots)
        working = Working(STANDING.service, {CATEGORY: self._of}, fresh)
        working.read(Instruct(CATEGORY, ref, None) for case in cases.values() for ref in case.group)
        changes = [
            change
            for root, case in cases.items()
            if (change := self._change(root, case, occasion, at, working, dues[root]))
        ]
        outcomes = self._store.commit([commit_of(change) for change in changes]) if changes else []
        for change, outcome in zip(changes, outcomes, strict=True):
            change.settle(kept=isinstance(outcome, Done) and not outcome.repeated)
        lost = [c.root for c, o in zip(changes, outcomes, strict=True) if not isinstance(o, Done)]
        self._dues.update((root, case.due) for root, case in cases.items() if root not in lost)
        return lost, sum(len(o.events) for o in outcomes if isinstance(o, Done))

    def _due(self, roots: Sequence[str]) -> dict[str, datetime | None]:
        """Return when customers are due as stored; what this process wrote or read is at hand."""
        if len(self._dues) > REMEMBERED:
            self._dues.clear()
        unknown = [root for root in roots if root not in self._dues]
        found = self._store.fetch(DUE, unknown) if unknown else {}
        self._dues.update((root, found.get(root, {}).get("due_at")) for root in unknown)
        return {root: self._dues[root] for root in roots}

    def undue(self, refs: Sequence[str]) -> None:
        """Let nothing be due of refs that go on as others."""
        self._store.commit([Commit((), tuple(Remove(DUE, ref) for ref in refs))])
        for ref in refs:
            self._dues.pop(ref, None)

    def _cases(
        self, roots: list[str], moved: frozenset[str], forest: Forest, at: datetime, fresh: bool
    ) -> dict[str, Case]:
        """Assess all; who belongs to a customer is asked only where that may matter."""
        criteria = self._inforce.criteria()
        said = self._of.load(roots, fresh)
        traits = self._inforce.traits(roots)
        profiles = opened(self._vault, [traits.get(root, {}) for root in roots], criteria.fields, at)
        told = {
            root: assessed(root, traits.get(root, {}), profile, criteria, at, said[root].state)
            for root, profile in zip(roots, profiles, strict=True)
        }
        news = [r for r, (now, _) in told.items() if r in moved or STANDING.decide(said[r].state, now)]
        groups = forest.groups(news)
        members = self._of.load([ref for group in groups.values() for ref in group], fresh)
        self._of.load([s for loaded in members.values() if (s := loaded.state.survivor)], fresh)
        return {root: Case(now, due, groups.get(root, [root])) for root, (now, due) in told.items()}

    def _change(
        self, root: str, case: Case, occasion: Occasion, at: datetime, working: Working, due: datetime | None
    ) -> Change | None:
        """Return what is to be written of a customer, None when nothing is new."""
        change = Change(root, occasion.position, occasion.causes[root], at)
        states = {ref: working.state(CATEGORY, ref).state for ref in case.group}
        instructions = [*partings(case.group, root, states)]
        instructions += joinings(case.group, root, _after(states, instructions), case.now)
        for ref, several in _by_ref([*instructions, Instruct(CATEGORY, root, case.now)]):
            change.decide(ref, several, working)
        change.due(due_change(root, case.due, due))
        return change if change else None


def _after(states: Mapping[str, Standing], partings: Iterable[Instruct]) -> dict[str, Standing]:
    """Return the standings as they are once the partings are done."""
    known = dict(states)
    for each in partings:
        for payload in STANDING.decide(known.get(each.key, Standing()), each.command):
            known[each.key] = STANDING.evolve(known.get(each.key, Standing()), payload)
    return known


def _by_ref(instructions: Iterable[Instruct]) -> Iterator[tuple[str, list[Instruct]]]:
    """Yield the instructions by stream, in their order: a stream is appended to once in a transaction."""
    grouped: dict[str, list[Instruct]] = {}
    for each in instructions:
        grouped.setdefault(each.key, []).append(each)
    yield from grouped.items()
