"""Measure what objectives and initiatives are about, before they decide."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from services.analytics.domain.figure import Measured
from services.analytics.domain.initiative import (
    INITIATIVE,
    Comparison,
    EvaluateInitiative,
    InitiativeStarted,
    StartInitiative,
)
from services.analytics.domain.objective import OBJECTIVE, EvaluateObjective, SetObjective, end_of
from shared.decide import Streams
from shared.errors import NotFound
from shared.events.clock import Clock
from shared.service.preparing import Prepared, Preparing


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric (its newest version unless given) of a scope, over the days before a moment."""

    metric_id: str
    scope: str
    window_days: int
    until: datetime
    known_at: datetime
    version: int | None = None
    scope_at: str = "/scope"


class Measure(Protocol):
    """Measures; raises Invalid for a metric there is not, and naming `asked.scope_at` for a scope."""

    def __call__(self, asked: Asked) -> Measured:
        """Return what was measured."""
        ...


class Measuring:
    """Completes the commands of objectives and initiatives with what was measured."""

    def __init__(self, measure: Measure, streams: Mapping[str, Streams[Any]], clock: Clock) -> None:
        self._measure, self._clock = measure, clock
        self._objectives = streams[OBJECTIVE.category]
        self._initiatives = streams[INITIATIVE.category]

    def objectives(self) -> Preparing:
        """Return the hooks of objectives."""
        return Preparing(complete=self._objective)

    def initiatives(self) -> Preparing:
        """Return the hooks of initiatives."""
        return Preparing(complete=self._initiative)

    def evaluation(self, command: EvaluateObjective, version: int | None = None) -> EvaluateObjective:
        """Return the command with the objective's metric measured, at the end of the deadline at the latest.

        The metric version is the objective's own unless another one is asked for (A-6). Raises NotFound.
        """
        objective = self._objectives.load([command.objective_id], fresh=True)[command.objective_id].state
        if objective.set is None:
            raise NotFound(f"objective {command.objective_id} is not known")
        said = objective.set.baseline
        known_at = command.known_at or self._clock()
        until = min(command.as_of or known_at, end_of(objective.deadline or objective.set.deadline))
        asked = Asked(
            said.metric_id, said.scope, objective.set.window_days, until, known_at,
            version or said.metric_version,
        )  # fmt: skip
        return replace(command, measured=self._measure(asked))

    def _objective(self, command: Any) -> Prepared:
        if isinstance(command, EvaluateObjective):
            return Prepared(self.evaluation(command))
        if isinstance(command, SetObjective):
            now = self._clock()
            at = command.baseline_at or now
            asked = Asked(command.metric_id, command.scope, command.window_days, at, now)
            return Prepared(replace(command, baseline=self._measure(asked)))
        return Prepared(command)

    def _initiative(self, command: Any) -> Prepared:
        if isinstance(command, StartInitiative):
            self._check(command)
        if isinstance(command, EvaluateInitiative):
            return Prepared(self._compared(command))
        return Prepared(command)

    def _check(self, command: StartInitiative) -> None:
        """What cannot be measured today will not be measurable at the end. Raises Invalid."""
        now = self._clock()
        scopes = {"/scope": command.scope, "/control_scope": command.control_scope}
        for field, scope in scopes.items():
            if scope is not None:
                asked = Asked(command.metric_id, scope, command.window_days, now, now, scope_at=field)
                self._measure(asked)

    def _compared(self, command: EvaluateInitiative) -> EvaluateInitiative:
        key = command.initiative_id
        events = self._initiatives.store.read_stream(INITIATIVE.stream(key))
        started = INITIATIVE.fold(events).started
        if started is None:
            raise NotFound(f"initiative {key} is not known")
        begun = events[0].occurred_at
        known_at = command.known_at or self._clock()
        moments = (begun, command.as_of or known_at)
        before, after = (self._of(started, started.scope, m, known_at) for m in moments)
        if started.control_scope is None:
            return replace(command, comparison=Comparison(before, after))
        control = (self._of(started, started.control_scope, m, known_at) for m in moments)
        return replace(command, comparison=Comparison(before, after, *control))

    def _of(self, started: InitiativeStarted, scope: str, until: datetime, known_at: datetime) -> Measured:
        return self._measure(Asked(started.metric_id, scope, started.window_days, until, known_at))
