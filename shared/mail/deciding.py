"""Decide many commands at once, each with a customer of its own, and commit them in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.decide import Context, Streams
from shared.errors import Rejected
from shared.events import Meta
from shared.events.ids import derived
from shared.receive.heard import Instruct
from shared.receive.plan import Plan, Working
from shared.store.port import Commit, Done, Outcome, Store
from shared.store.write import Write


@dataclass(frozen=True, slots=True)
class Task:
    """One command, named by `command_id`, and the writes that travel with its events."""

    command_id: str
    instruct: Instruct
    customer: str | None
    writes: tuple[Write, ...] = ()


class Batch:
    """Tasks on states that are read afresh; a task that loses a race or is refused changes nothing."""

    def __init__(self, service: str, store: Store, streams: Mapping[str, Streams[Any]]) -> None:
        self._service, self._store, self._streams = service, store, streams

    def do(self, tasks: Sequence[Task], at: datetime, *more: Write) -> list[Outcome]:
        """Return what became of each, leaving out the refused ones; `more` is written after them."""
        working = Working(self._service, self._streams, fresh=True)
        working.read(task.instruct for task in tasks)
        plans = [(task, plan) for task in tasks if (plan := self._plan(working, task, at)) is not None]
        commits = [Commit(tuple(p.appends), (*p.writes, *task.writes)) for task, p in plans]
        if more:
            commits.append(Commit((), more))
        outcomes = self._store.commit(commits) if commits else []
        for (_, plan), outcome in zip(plans, outcomes, strict=False):
            _keep(plan, outcome)
        return outcomes

    def _plan(self, working: Working, task: Task, at: datetime) -> Plan | None:
        meta = Meta(
            task.command_id,
            derived("correlation", task.command_id),
            actor="system:mailing",
            channel="email",
            customer=task.customer,
        )
        try:
            plan = working.decide_in(Context(at, meta), [task.instruct])
        except Rejected:  # somebody else was first: the state says what holds
            return None
        return plan if plan.appends or task.writes else None


def _keep(plan: Plan, outcome: Outcome) -> None:
    for streams, key, after in plan.states:
        done = isinstance(outcome, Done) and not outcome.repeated
        streams.keep(key, after) if done else streams.drop([key])
