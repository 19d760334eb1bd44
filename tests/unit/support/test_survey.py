"""Surveys: one per ticket cycle, answered in time, corrected, lapsed, closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.support.domain.survey import (
    SURVEY,
    CloseLoop,
    FeedbackLoopClosed,
    MarkUndelivered,
    MarkUnknown,
    RequestSurvey,
    RequeueSurvey,
    RespondSurvey,
    SkipSurvey,
    SurveyLapsed,
    SurveyRequested,
    SurveyRequeued,
    SurveyResponded,
    SurveySent,
    SurveySkipped,
    SurveyUndelivered,
)
from services.support.domain.ticket import AskSurvey, MergeTickets, ReopenTicket, ResolveTicket, SurveyDue
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN, moment
from shared.testing.given import given
from tests.unit.support.sla import Story, london, promised, terms

UNTIL = moment(days=14)
QUARTER = WHEN + timedelta(minutes=15)
REQUEST = RequestSurvey("T1.1", "T1", 1, "csat", UNTIL)
REQUESTED = SurveyRequested("T1.1", "T1", 1, "csat", UNTIL)
ANSWERED = SurveyResponded("T1.1", "T1", "csat", 5, low=False)


def test_t9_one_survey_per_cycle():
    """T-9: the id is that of the cycle, so a second request is no news and another id is refused."""
    given(SURVEY).when(REQUEST).then(REQUESTED)
    given(SURVEY, REQUESTED).when(replace(REQUEST, kind="nps")).then_nothing()
    given(SURVEY).when(replace(REQUEST, survey_id="mine")).then_raises(Invalid, "/survey_id")


def test_t9_answers_come_inside_the_window():
    """T-9: at its end still, after it no more."""
    given(SURVEY, REQUESTED).when(RespondSurvey("T1.1", 5, UNTIL)).then(ANSWERED)
    given(SURVEY, REQUESTED).when(RespondSurvey("T1.1", 5, moment(days=15))).then_raises(Conflict, "over")
    given(SURVEY, REQUESTED, SurveyLapsed("T1.1")).when(RespondSurvey("T1.1", 5, WHEN)).then_raises(Conflict)
    given(SURVEY).when(RespondSurvey("T1.1", 5, WHEN)).then_raises(NotFound)


def test_t9_a_second_answer_corrects():
    """T-9: both are kept; the loop is open again."""
    state = (
        given(SURVEY, REQUESTED, ANSWERED)
        .when(RespondSurvey("T1.1", 1, WHEN, "Too late"))
        .then(SurveyResponded("T1.1", "T1", "csat", 1, low=True, correction=True, comment="Too late"))
    )
    assert (state.score, state.low) == (1, True)


@pytest.mark.parametrize(
    ("kind", "low", "high", "beyond"), [("csat", 2, 3, 6), ("nps", 6, 7, None), ("ces", 3, 4, 8)]
)
def test_each_kind_has_its_scale(kind, low, high, beyond):
    """What is low, and what is no answer at all."""
    asked = given(SURVEY, replace(REQUESTED, kind=kind))

    assert asked.when(RespondSurvey("T1.1", low, WHEN)).after().low
    assert not asked.when(RespondSurvey("T1.1", high, WHEN)).after().low
    if beyond:
        asked.when(RespondSurvey("T1.1", beyond, WHEN)).then_raises(Invalid, "/score")


def test_an_unanswered_survey_lapses_by_itself():
    """The timer is there until somebody answers."""
    assert SURVEY.timers(given(SURVEY, REQUESTED).state()) == {"lapses": UNTIL}
    given(SURVEY, REQUESTED).when(Elapsed("lapses", UNTIL)).then(SurveyLapsed("T1.1"))
    given(SURVEY, REQUESTED, ANSWERED).when(Elapsed("lapses", UNTIL)).then_nothing()


def test_skipping_and_closing_the_loop():
    """What is answered can not be skipped, and only what is answered can be acted on."""
    skipped, closed = SurveySkipped("T1.1", "complaint"), FeedbackLoopClosed("T1.1", "called back")

    given(SURVEY, REQUESTED).when(SkipSurvey("T1.1", "complaint")).then(skipped)
    given(SURVEY, REQUESTED, skipped).when(SkipSurvey("T1.1", "again")).then_nothing()
    given(SURVEY, REQUESTED, ANSWERED).when(SkipSurvey("T1.1", "late")).then_raises(Conflict, "responded")
    given(SURVEY, REQUESTED).when(CloseLoop("T1.1", "called back")).then_raises(Conflict, "no answer")
    given(SURVEY, REQUESTED, ANSWERED).when(CloseLoop("T1.1", "called back")).then(closed)
    given(SURVEY, REQUESTED, ANSWERED, closed).when(CloseLoop("T1.1", "again")).then_nothing()


def test_t9_the_policy_asks_when_a_person_resolved():
    """T-9: once per cycle, not when the resolution was automatic."""
    policy = promised(terms(survey="nps", survey_days=7))
    by_person, by_itself = Story(london(1, 9), policy), Story(london(1, 9), policy)
    by_person.do(ResolveTicket("T1", "redelivered", at=london(1, 10)))
    by_itself.do(ResolveTicket("T1", "silence", automatic=True, at=london(1, 10)))

    assert by_person.of(SurveyDue) == [SurveyDue("T1", 1, "nps", london(8, 10), trigger="resolution")]
    assert by_itself.of(SurveyDue) == []
    assert by_person.do(AskSurvey("T1", at=london(1, 11))) == []
    by_person.do(ReopenTicket("T1", at=london(1, 12)))
    by_person.do(ResolveTicket("T1", "refunded", at=london(1, 13)))
    assert [e.cycle for e in by_person.of(SurveyDue)] == [1, 2]


def test_t9_nobody_is_asked_about_a_merged_ticket():
    """T-9: nor about one that is worked on still."""
    story = Story(london(1, 9))
    for _ in range(2):
        with pytest.raises(Conflict):
            story.do(AskSurvey("T1", at=london(1, 10)))
        if story.state.active:
            story.do(MergeTickets("T1", "T2", at=london(1, 10)))


def test_row_92_a_question_that_did_not_reach_the_customer_is_sent_again():
    """By itself after a refusal for now, each time later; by hand for everything but what left."""
    later = MarkUndelivered("T1.1", 1, "refused_for_now", WHEN, "451")
    waits = SurveyUndelivered("T1.1", "refused_for_now", 1, "451", QUARTER)
    again, nowhere = SurveyRequeued("T1.1", 2), SurveyUndelivered("T1.1", "no_address", 1)
    sent = SurveySent("T1.1", "email", "p-1")

    given(SURVEY, REQUESTED).when(later).then(waits)
    assert SURVEY.timers(given(SURVEY, REQUESTED, waits).state()) == {
        "lapses": UNTIL,
        "again": QUARTER,
    }
    given(SURVEY, REQUESTED, waits).when(Elapsed("again", QUARTER)).then(again)
    given(SURVEY, REQUESTED, waits, again).when(later).then_nothing()
    given(SURVEY, REQUESTED).when(MarkUndelivered("T1.1", 1, "no_address", WHEN)).then(nowhere)
    given(SURVEY, REQUESTED, nowhere).when(RequeueSurvey("T1.1")).then(again)
    given(SURVEY, REQUESTED, sent).when(RequeueSurvey("T1.1")).then_raises(Conflict, "sent")
    given(SURVEY, REQUESTED, sent).when(MarkUnknown("T1.1", 1, "?")).then_nothing()
    last = replace(later, attempt=6)
    gone = given(SURVEY, REQUESTED, *(SurveyRequeued("T1.1", n) for n in range(2, 7))).when(last)
    assert gone.events[0].again_at is None


def test_row_92_lists_say_how_the_question_fares():
    """Waiting, sent, or undelivered and why; what was answered by other ways waits no more."""

    def line(*events):
        told = SURVEY.summary(given(SURVEY, REQUESTED, *events).state())
        return told["delivery"], told["reason"]

    assert line() == ("waiting", None)
    assert line(SurveySent("T1.1", "email", "p-1")) == ("sent", None)
    assert line(SurveyUndelivered("T1.1", "no_address", 1)) == ("undelivered", "no_address")
    assert line(ANSWERED) == ("unsent", None)
