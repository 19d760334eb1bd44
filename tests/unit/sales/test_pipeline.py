"""Pipelines: defined, with stages that come, change and retire."""

import pytest

from services.sales.domain.pipeline import (
    PIPELINE,
    AddStage,
    DefinePipeline,
    PipelineDefined,
    RetireStage,
    ReviseStageProbability,
    StageAdded,
    StageProbabilityRevised,
    StageRetired,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN, moment
from shared.testing.given import given

DEFINED = PipelineDefined("b2b", "Companies")
PITCH = StageAdded("b2b", "pitch", 1, "open", 30)
TENDER = StageAdded("b2b", "tender", 2, "open", 60)
REVISED = StageProbabilityRevised("b2b", "pitch", 30, 45, moment(2))


def test_a_pipeline_is_defined_once():
    """The same definition again is no news, another one is refused."""
    given(PIPELINE).when(DefinePipeline("b2b", "Companies")).then(DEFINED)
    given(PIPELINE, DEFINED).when(DefinePipeline("b2b", "Companies")).then_nothing()
    given(PIPELINE, DEFINED).when(DefinePipeline("b2b", "Firms")).then_raises(Conflict, "another name")


def test_stages_are_kept_in_order_and_certain_where_closed():
    """An open stage needs a probability; won is 100, lost is 0."""
    given(PIPELINE, DEFINED).when(AddStage("b2b", "pitch", 1, probability=30)).then(PITCH)
    given(PIPELINE, DEFINED).when(AddStage("b2b", "pitch", 1)).then_raises(Invalid, "/probability")
    given(PIPELINE, DEFINED, PITCH).when(AddStage("b2b", "pitch", 3, probability=30)).then_raises(Conflict)
    state = (
        given(PIPELINE, DEFINED, TENDER, PITCH)
        .when(AddStage("b2b", "signed", 9, "won"))
        .then(StageAdded("b2b", "signed", 9, "won", 100))
    )
    assert [s.code for s in state.stages] == ["pitch", "tender", "signed"]


def test_s7_a_revision_holds_from_its_moment_on():
    """S-7: what was in force before stays what it was; the past can not be revised."""
    revise = ReviseStageProbability("b2b", "pitch", 45, WHEN, moment(2))
    state = given(PIPELINE, DEFINED, PITCH).when(revise).then(REVISED)
    pitch = state.stage("pitch")
    assert [pitch.probability_at(t) for t in (WHEN, moment(2), None)] == [30, 45, 45]

    given(PIPELINE, DEFINED, PITCH, REVISED).when(revise).then_nothing()
    for past in (moment(-1), moment(1)):
        late = ReviseStageProbability("b2b", "pitch", 50, WHEN, past)
        given(PIPELINE, DEFINED, PITCH, REVISED).when(late).then_raises(Invalid, "/effective_from")


def test_s8_a_retired_stage_takes_no_entries():
    """S-8: it stays readable, is retired once, and points into a stage of the same pipeline."""
    retired = StageRetired("b2b", "pitch", "tender")
    retire = RetireStage("b2b", "pitch", "tender")
    state = given(PIPELINE, DEFINED, PITCH, TENDER).when(retire).then(retired)
    given(PIPELINE, DEFINED, PITCH, TENDER, retired).when(retire).then_nothing()
    given(PIPELINE, DEFINED, PITCH).when(retire).then_raises(Invalid, "tender is no stage")
    with pytest.raises(Invalid, match="retired"):
        state.entrance("pitch")


def test_a_pipeline_is_draft_active_and_retired():
    """Active as long as a deal may enter."""
    stories = ([DEFINED], [DEFINED, PITCH], [DEFINED, PITCH, StageRetired("b2b", "pitch")], [])
    states = [given(PIPELINE, *story).state() for story in stories]
    assert [s.status for s in states] == ["draft", "active", "retired", "unknown"]


@pytest.mark.parametrize(
    "command",
    [AddStage("b2b", "x", 1, "won"), RetireStage("b2b", "x"), ReviseStageProbability("b2b", "x", 1, WHEN)],
)
def test_an_unknown_pipeline_is_not_found(command):
    """Stages belong to a pipeline."""
    given(PIPELINE).when(command).then_raises(NotFound, "not known")
