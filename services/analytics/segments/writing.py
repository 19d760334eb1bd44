"""What the assessment of one customer writes: appends, the moment it is due again, sizes of segments."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.analytics.domain.standing.state import Standing, summary
from services.analytics.segments.merging import CATEGORY
from shared.decide import Context, Loaded, Streams
from shared.events import Event, Meta
from shared.events.ids import derived
from shared.receive import Instruct
from shared.receive.plan import Plan, Working
from shared.store.port import Commit
from shared.store.write import Count, Put, Remove, Write

DUE, SIZES = "due_assessments", "segment_sizes"


@dataclass
class Change:
    """The plans of all streams that the assessment of one customer touches."""

    root: str
    position: int
    cause: Event | None
    at: datetime
    plans: list[Plan] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)

    def decide(self, ref: str, instructions: Sequence[Instruct], working: Working) -> None:
        """Decide for one stream, and count who comes into its segments and who leaves them."""
        before: Standing = working.state(CATEGORY, ref).state
        plan = working.decide_in(self._context(ref, working.state(CATEGORY, ref)), instructions)
        if plan.appends:
            self.plans.append(plan)
            self.writes += sizes(before, working.state(CATEGORY, ref).state)

    def due(self, writes: Sequence[Write]) -> None:
        """Note when the customer is to be assessed again."""
        self.writes += writes

    def settle(self, *, kept: bool) -> None:
        """Keep the states that were committed at hand, forget the others."""
        states: list[tuple[Streams[Any], str, Loaded[Any]]] = [s for plan in self.plans for s in plan.states]
        for streams, key, after in states:
            streams.keep(key, after) if kept else streams.drop([key])

    def __bool__(self) -> bool:
        return bool(self.plans or self.writes)

    def _context(self, ref: str, loaded: Loaded[Any]) -> Context:
        # Position and version make the id: the same assessment again has it too, another one never.
        command_id = derived("assess", self.root, ref, str(self.position), str(loaded.version))
        cause = self.cause
        correlation = cause.meta.correlation_id if cause else derived("correlation", command_id)
        meta = Meta(
            command_id, correlation, cause.id if cause else None, actor="system:standing", customer=ref
        )
        return Context(self.at, meta)


def commit_of(change: Change) -> Commit:
    """Return all that is written of a customer as one commit."""
    appends = [append for plan in change.plans for append in plan.appends]
    writes = [write for plan in change.plans for write in plan.writes]
    return Commit(tuple(appends), (*writes, *change.writes))


def sizes(before: Standing, after: Standing) -> list[Write]:
    """Return what the sizes of segments change by."""
    steps = Counter(_segments(after))
    steps.subtract(_segments(before))
    return [Count(SIZES, key, {"members": step}) for key, step in sorted(steps.items()) if step]


def _segments(standing: Standing) -> Sequence[str]:
    line = summary(standing)
    return line["segments"] if line else ()


def due_change(ref: str, due: datetime | None, known: datetime | None) -> list[Write]:
    """Return what makes the stored due moment the present one; nothing when it is."""
    if due == known:
        return []
    return [Remove(DUE, ref)] if due is None else [Put(DUE, {"_id": ref, "shelf": 0, "due_at": due})]
