"""Whatever happens in whatever order: what was said is what is true, and nothing is said twice in a row."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.analytics.domain.standing import STANDING
from services.analytics.domain.standing.state import Standing, evolve, summary
from services.analytics.segments.assessing import Criteria
from services.analytics.segments.knowing import known_of
from services.analytics.segments.rating import Yardstick
from services.analytics.segments.standings import Occasion, Standings
from services.analytics.views.segments import Version
from shared.privacy import MemoryKeyStore, Vault
from shared.segments import evaluate
from shared.store.memory import MemoryStore

BEGIN = datetime(2026, 5, 1, 12, tzinfo=UTC)
REFS = ("ada", "bob", "cid", "eve")
RULES = {
    "twice": {"fact": "behaviour.orders", "is": "at_least", "value": 2},
    "recent": {"fact": "behaviour.orders", "is": "at_least", "value": 1, "within_days": 3},
    "quiet": {"not": {"fact": "behaviour.orders", "is": "at_least", "value": 1, "within_days": 2}},
}
BY = Criteria({key: Version(1, rule, BEGIN, BEGIN) for key, rule in RULES.items()})


@dataclass
class World:
    """Customers who order, merge and part, a clock, and the log of what is said of them."""

    store: MemoryStore = field(default_factory=lambda: MemoryStore("analytics", partitions=2))
    now: datetime = BEGIN
    orders: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    parents: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget what is in memory."""
        self.standings = Standings(self.store, self, Vault(MemoryKeyStore()), lambda: self.now)  # type: ignore[arg-type]

    def criteria(self) -> Criteria:
        """The rules in force."""
        return BY

    def traits(self, roots: list[str]) -> dict[str, Any]:
        """What is known of customers, all their refs together."""
        return {root: self.known(root) for root in roots}

    def known(self, root: str) -> dict[str, Any]:
        """Fold the orders of a group."""
        days: dict[str, int] = {}
        for ref in self.group(root):
            for day, count in self.orders[ref].items():
                days[str(day)] = days.get(str(day), 0) + count
        return {"days": {"orders": days}}

    def root(self, ref: str) -> str:
        """Who a ref goes on as."""
        while ref in self.parents:
            ref = self.parents[ref]
        return ref

    def roots(self, refs: Any) -> dict[str, str]:
        """As a forest does."""
        return {ref: self.root(ref) for ref in refs}

    def group(self, root: str) -> list[str]:
        """Every ref that goes on as this one."""
        return [ref for ref in REFS if self.root(ref) == root]

    def groups(self, roots: Any) -> dict[str, list[str]]:
        """As a forest does."""
        return {root: self.group(root) for root in roots}

    def touch(self, *refs: str, moved: bool = False) -> None:
        """Assess whom an event names."""
        causes = dict.fromkeys(self.root(ref) for ref in refs)
        occasion = Occasion(self.store.head().position, causes, frozenset(causes) if moved else frozenset())
        self.standings.assess(occasion, self)  # type: ignore[arg-type]

    def states(self) -> dict[str, Standing]:
        """The standing of every ref, from the log."""
        found = {ref: Standing() for ref in REFS}
        for event in self.store.read_log(0, 100_000):
            found[event.data["customer"]] = evolve(found[event.data["customer"]], STANDING.revive(event))
        return found


def do(world: World, step: tuple[Any, ...]) -> None:
    """Let one thing happen, and be assessed."""
    match step:
        case ("order", ref):
            day = world.now.toordinal()
            world.orders[ref][day] = world.orders[ref].get(day, 0) + 1
            world.touch(ref)
        case ("merge", one, other):
            if world.root(one) != world.root(other) and one not in world.parents:
                world.parents[one] = other
                world.touch(one, other, moved=True)
        case ("part", one):
            if (other := world.parents.pop(one, None)) is not None:
                world.touch(one, other, moved=True)
        case ("again", ref):
            world.restart()
            world.touch(ref, moved=True)
        case ("days", number):
            world.now += timedelta(days=number)
            world.touch(*REFS)


refs = st.sampled_from(REFS)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("order"), refs),
        st.tuples(st.just("merge"), refs, refs),
        st.tuples(st.just("part"), refs),
        st.tuples(st.just("again"), refs),
        st.tuples(st.just("days"), st.integers(1, 3)),
    ),
    max_size=25,
)


@settings(max_examples=200)
@given(steps)
def test_living_membership_is_full_evaluation_and_entries_alternate_with_exits(history) -> None:
    """Through orders, days, merges, partings and restarts; of the merged, one ref speaks for all."""
    world = World()
    world.touch(*REFS)
    for step in history:
        do(world, step)
        states = world.states()
        for ref in REFS:
            line = summary(states[ref])
            if world.root(ref) != ref:
                assert line is None or not (line["segments"] or line["stage"])
                continue
            facts = known_of(world.known(ref), {}, Yardstick()).facts
            true = sorted(key for key, rule in RULES.items() if evaluate(rule, facts, world.now).member)
            assert (line or {}).get("segments") == true
    held = {ref: Standing() for ref in REFS}
    for event in world.store.read_log(0, 100_000):
        ref, segment = event.data["customer"], event.data.get("segment_id")
        if segment:
            assert (segment in held[ref].segments) == (event.type == "SegmentExited")
        held[ref] = evolve(held[ref], STANDING.revive(event))


@settings(max_examples=60)
@example([("bob", 1), ("bob", 1), ("ada", 0), ("bob", 1), ("ada", 2), ("ada", 3)])
@given(st.lists(st.tuples(refs, st.integers(0, 3)), max_size=8))
def test_merged_and_parted_is_never_merged(orders) -> None:
    """If nothing happens in between, the two say the same and stand where they stood."""
    world = World()
    for ref, days in orders:
        do(world, ("order", ref))
        do(world, ("days", days)) if days else None
    world.touch(*REFS)
    before, said = world.states(), _said(world)
    do(world, ("merge", "bob", "ada"))
    merged = _said(world)
    do(world, ("part", "bob"))
    if merged == said:
        assert _said(world) == said
        assert world.states() == before
    after = world.states()
    assert [after[ref].segments.keys() for ref in REFS] == [before[ref].segments.keys() for ref in REFS]


def _said(world: World) -> list[tuple[str, str]]:
    """Return what everybody hears: the account of merges left out."""
    events = world.store.read_log(0, 100_000)
    return [(e.type, e.data["customer"]) for e in events if not e.type.startswith("Standing")]
