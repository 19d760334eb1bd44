"""What a pipeline remembers in order to decide, and what deals have to know of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.sales.domain.pipeline.events import (
    PipelineDefined,
    StageAdded,
    StageProbabilityRevised,
    StageRetired,
    StageType,
)
from shared.errors import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class PipelineStage:
    """A stage; `revisions` are its later probabilities and when each came into force, in that order."""

    code: str
    order: int
    type: StageType
    probability: int
    revisions: tuple[tuple[datetime, int], ...] = ()
    retired: bool = False
    move_to: str | None = None

    def probability_at(self, at: datetime | None) -> int:
        """Return the probability in force at a moment, or the newest."""
        past = [value for since, value in self.revisions if at is None or since <= at]
        return past[-1] if past else self.probability


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages of a pipeline."""

    defined: PipelineDefined | None = None
    stages: tuple[PipelineStage, ...] = ()

    @property
    def status(self) -> Literal["unknown", "draft", "active", "retired"]:
        """Active as long as a deal may enter an open stage."""
        if self.defined is None:
            return "unknown"
        if any(s.type == "open" and not s.retired for s in self.stages):
            return "active"
        return "retired" if self.stages else "draft"

    def stage(self, code: str) -> PipelineStage | None:
        """Return the stage of this code."""
        return next((s for s in self.stages if s.code == code), None)

    def instead(self, code: str) -> str | None:
        """Return where deals of a retired stage belong, past stages that retired later; None for nowhere."""
        passed: list[str] = []
        stage = self.stage(code)
        while stage and stage.retired and stage.code not in passed:
            passed.append(stage.code)
            stage = self.stage(stage.move_to) if stage.move_to else None
        return stage.code if stage and not stage.retired and stage.code != code else None

    def entrance(self, code: str) -> PipelineStage:
        """Return an open stage a deal may enter (S-8). Raises Invalid."""
        stage = self.stage(code)
        if stage is None or self.defined is None:
            raise Invalid(FieldError("/stage", f"{code} is no stage of this pipeline"))
        if stage.type != "open":
            raise Invalid(FieldError("/stage", f"{code} is no open stage: win or lose the deal"))
        if stage.retired:
            raise Invalid(FieldError("/stage", f"{code} is retired and takes no new entries"))
        return stage


def stage_of(added: StageAdded) -> PipelineStage:
    """Return the stage that was added."""
    return PipelineStage(added.stage, added.order, added.type, added.probability)


def _change(pipeline: Pipeline, code: str, change: Callable[[PipelineStage], PipelineStage]) -> Pipeline:
    return replace(pipeline, stages=tuple(change(s) if s.code == code else s for s in pipeline.stages))


def _revised(pipeline: Pipeline, event: StageProbabilityRevised) -> Pipeline:
    revision = (event.effective_from, event.probability_to)
    return _change(pipeline, event.stage, lambda s: replace(s, revisions=(*s.revisions, revision)))


def _added(pipeline: Pipeline, event: StageAdded) -> Pipeline:
    stages = sorted((*pipeline.stages, stage_of(event)), key=lambda s: (s.order, s.code))
    return replace(pipeline, stages=tuple(stages))


def _retired(pipeline: Pipeline, event: StageRetired) -> Pipeline:
    return _change(pipeline, event.stage, lambda s: replace(s, retired=True, move_to=event.move_to))


EVOLVE: dict[type, Callable[[Pipeline, Any], Pipeline]] = {
    PipelineDefined: lambda pipeline, e: replace(pipeline, defined=e),
    StageAdded: _added,
    StageProbabilityRevised: _revised,
    StageRetired: _retired,
}


def evolve(pipeline: Pipeline, event: Any) -> Pipeline:
    """Return the pipeline after the event."""
    return EVOLVE[type(event)](pipeline, event)


def summary(pipeline: Pipeline) -> dict[str, Any] | None:
    """Return the line of the pipeline in lists."""
    stages = [{"stage": s.code, "type": s.type, "retired": s.retired} for s in pipeline.stages]
    name = pipeline.defined.name if pipeline.defined else ""
    return {"status": pipeline.status, "name": name, "stages": stages}
