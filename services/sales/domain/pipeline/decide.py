"""What a pipeline decides."""

from collections.abc import Callable
from typing import Any

from services.sales.domain.pipeline.commands import (
    AddStage,
    DefinePipeline,
    RetireStage,
    ReviseStageProbability,
)
from services.sales.domain.pipeline.events import (
    PipelineDefined,
    StageAdded,
    StageProbabilityRevised,
    StageRetired,
)
from services.sales.domain.pipeline.state import Pipeline, PipelineStage, stage_of
from shared.errors import Conflict, FieldError, Invalid, NotFound

CERTAIN = {"won": 100, "lost": 0}


def define(pipeline: Pipeline, command: DefinePipeline) -> list[Any]:
    """Define it once."""
    defined = PipelineDefined(command.pipeline_id, command.name)
    if pipeline.defined not in (None, defined):
        raise Conflict(f"pipeline {command.pipeline_id} was defined before with another name")
    return [] if pipeline.defined else [defined]


def add_stage(pipeline: Pipeline, command: AddStage) -> list[Any]:
    """Won is certain, lost hopeless; an open stage needs to be told its probability. Codes are not reused."""
    _defined(pipeline, command.pipeline_id)
    chance = CERTAIN.get(command.type, command.probability)
    if chance is None:
        raise Invalid(FieldError("/probability", "is needed for an open stage"))
    added = StageAdded(command.pipeline_id, command.stage, command.order, command.type, chance)
    if known := pipeline.stage(command.stage):
        if known == stage_of(added):
            return []
        raise Conflict(f"stage {command.stage} is there already: codes are not used again")
    return [added]


def revise(pipeline: Pipeline, command: ReviseStageProbability) -> list[Any]:
    """Only what is to come is revised: a date before the last revision would change the past (S-7)."""
    stage = _live(pipeline, command.pipeline_id, command.stage)
    since = command.effective_from or command.at
    if stage.type != "open":
        raise Conflict(f"stage {command.stage} is {stage.type}: its probability is certain")
    if since < command.at or (stage.revisions and since < stage.revisions[-1][0]):
        raise Invalid(FieldError("/effective_from", "can not be before now or before the last revision"))
    was = stage.probability_at(since)
    if was == command.probability:
        return []
    return [StageProbabilityRevised(command.pipeline_id, command.stage, was, command.probability, since)]


def retire(pipeline: Pipeline, command: RetireStage) -> list[Any]:
    """Retired once, and into a stage of this pipeline that takes entries (S-8)."""
    _defined(pipeline, command.pipeline_id)
    stage = pipeline.stage(command.stage)
    if stage is None:
        raise NotFound(f"stage {command.stage} is not known")
    if command.move_to is not None and command.move_to == command.stage:
        raise Invalid(FieldError("/move_to", "is the stage that retires"))
    if command.move_to is not None:
        pipeline.entrance(command.move_to)
    return [] if stage.retired else [StageRetired(command.pipeline_id, command.stage, command.move_to)]


def _defined(pipeline: Pipeline, pipeline_id: str) -> None:
    if pipeline.defined is None:
        raise NotFound(f"pipeline {pipeline_id} is not known")


def _live(pipeline: Pipeline, pipeline_id: str, code: str) -> PipelineStage:
    _defined(pipeline, pipeline_id)
    stage = pipeline.stage(code)
    if stage is None or stage.retired:
        raise NotFound(f"there is no stage {code} that takes entries")
    return stage


DECIDE: dict[type, Callable[[Pipeline, Any], list[Any]]] = {
    DefinePipeline: define,
    AddStage: add_stage,
    ReviseStageProbability: revise,
    RetireStage: retire,
}


def decide(pipeline: Pipeline, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](pipeline, command)
