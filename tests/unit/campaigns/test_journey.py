"""Journeys, and people on their way through them."""

from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.campaigns.domain.enrolment import (
    ENROLMENT,
    AdvanceStep,
    ContactEnrolled,
    Enroll,
    EnrollmentCompleted,
    EnrollmentExited,
    ExitEnrollment,
    NoteSignal,
    SignalNoted,
    SkipStep,
    StepReached,
    StepSkipped,
)
from services.campaigns.domain.journey import (
    JOURNEY,
    JourneyPublished,
    JourneyRetired,
    PublishJourney,
    RetireJourney,
)
from services.campaigns.domain.journey.steps import Step
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import moment
from shared.testing.given import Given, given

DAY = 86_400
STEPS = (
    Step("hello", "send", template_id="hello"),
    Step("pause", "wait", seconds=DAY),
    Step("fork", "branch", signal="clicked", then="thanks"),
    Step("again", "send", template_id="again"),
    Step("leave", "exit", reason="cold"),
    Step("thanks", "send", template_id="thanks"),
)
PUBLISHED = JourneyPublished("welcome", 1, "spring", STEPS, "marketing", reentry=False)
OPEN = replace(PUBLISHED, reentry=True)
KEY = "welcome.c-1"
BEGUN = ContactEnrolled(KEY, "welcome", "c-1", 1, 1, "spring", "marketing", STEPS)


def at(step, kind, template=None, until=None, cycle=1):
    """Return the event that the person is at a step."""
    return StepReached(KEY, "welcome", "c-1", "spring", cycle, "marketing", step, kind, template, until)


def enroll(published=PUBLISHED, cycle=None):
    """Return the command with its fact."""
    journey = given(JOURNEY, published).state()
    return Enroll(KEY, "welcome", "c-1", moment(), cycle, journey)


WAITING = (BEGUN, at("hello", "send", "hello"), at("pause", "wait", until=moment(1)))


def test_a_journey_is_published_in_versions():
    """The same steps are no news; what leads nowhere or backwards is refused."""
    publish = PublishJourney("welcome", "spring", STEPS)

    given(JOURNEY).when(publish).then(PUBLISHED)
    given(JOURNEY, PUBLISHED).when(publish).then_nothing()
    given(JOURNEY, PUBLISHED).when(RetireJourney("welcome")).then(JourneyRetired("welcome"))
    given(JOURNEY, PUBLISHED, JourneyRetired("welcome")).when(publish).then_raises(Conflict, "retired")
    given(JOURNEY).when(RetireJourney("welcome")).then_raises(NotFound)


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ((Step("a", "send"),), "/steps/0/template_id"),
        ((Step("a", "wait"),), "/steps/0/seconds"),
        ((Step("a", "exit"),), "/steps/0/reason"),
        ((Step("a", "exit", reason="x"), Step("b", "branch", signal="opened", then="a")), "/steps/1"),
        ((Step("a", "exit", reason="x"), Step("a", "exit", reason="x")), "/steps"),
    ],
)
def test_wrong_steps_are_refused(steps, place):
    """Each error names its step."""
    given(JOURNEY).when(PublishJourney("w", "spring", steps)).then_raises(Invalid, place)


def test_a_person_walks_up_to_the_first_wait():
    """Steps follow at once until one waits, which is a timer."""
    waiting = given(ENROLMENT).when(enroll()).then(*WAITING)

    assert ENROLMENT.timers(waiting) == {"advance": moment(1)}
    given(ENROLMENT, *WAITING).when(enroll()).then_nothing()
    given(ENROLMENT).when(replace(enroll(), journey=None)).then_raises(NotFound)
    given(ENROLMENT).when(replace(enroll(), enrolment_id="x")).then_raises(Invalid, "/id")


def test_a_branch_asks_what_the_person_did():
    """M-5: with the signal of a person the one way, without it the other."""
    due = Elapsed("advance", moment(1))
    cold = (
        at("fork", "branch"),
        at("again", "send", "again"),
        at("leave", "exit"),
        EnrollmentExited(KEY, 1, "cold"),
    )
    warm = (at("fork", "branch"), at("thanks", "send", "thanks"), EnrollmentCompleted(KEY, 1))

    given(ENROLMENT, *WAITING).when(due).then(*cold)
    given(ENROLMENT, *WAITING).when(NoteSignal(KEY, "clicked")).then(SignalNoted(KEY, "clicked"))
    given(ENROLMENT, *WAITING, SignalNoted(KEY, "clicked")).when(due).then(*warm)
    given(ENROLMENT, *WAITING, *cold).when(due).then_nothing()


def test_who_replies_leaves():
    """Requirement 68: a contact who replies exits."""
    given(ENROLMENT, *WAITING).when(NoteSignal(KEY, "replied")).then(
        SignalNoted(KEY, "replied"), EnrollmentExited(KEY, 1, "replied")
    )


def test_a_step_is_skipped_with_a_reason_or_cut_short():
    """Both go on to the next step at once."""
    on = given(ENROLMENT, *WAITING).do(given(ENROLMENT, *WAITING).state(), AdvanceStep(KEY, moment()))
    skipped = given(ENROLMENT, *WAITING).when(SkipStep(KEY, "known customer", moment()))

    assert skipped.events == (StepSkipped(KEY, "pause", "known customer"), *on.events)
    given(ENROLMENT).when(SkipStep(KEY, "x", moment())).then_raises(NotFound)


def test_a_withdrawal_ends_the_journeys_it_covers():
    """C6: consent for another purpose leaves this one alone."""
    gone = EnrollmentExited(KEY, 1, "consent")

    given(ENROLMENT, *WAITING).when(ExitEnrollment(KEY, "consent", "marketing")).then(gone)
    given(ENROLMENT, *WAITING).when(ExitEnrollment(KEY, "consent", "all")).then(gone)
    given(ENROLMENT, *WAITING).when(ExitEnrollment(KEY, "consent", "surveys")).then_nothing()
    given(ENROLMENT, *WAITING, gone).when(ExitEnrollment(KEY, "erased")).then_nothing()


def test_m9_reentry_is_off_by_default_and_needs_the_next_cycle():
    """M-9: unasked nobody begins again; where it is allowed, a new cycle does."""
    over = (*WAITING, EnrollmentExited(KEY, 1, "cold"))

    given(ENROLMENT, *over).when(enroll()).then_nothing()
    given(ENROLMENT, *over).when(enroll(cycle=1)).then_nothing()
    given(ENROLMENT, *over).when(enroll(cycle=2)).then_raises(Conflict, "no second time")
    given(ENROLMENT, *over).when(enroll(OPEN, 3)).then_raises(Conflict, "next cycle is 2")
    again = given(ENROLMENT, *over).when(enroll(OPEN, 2)).after()
    assert (again.begun.cycle, again.status) == (2, "active")


def test_m9_a_running_enrolment_keeps_its_version():
    """M-9: publishing other steps changes nothing for who is on the way."""
    newer = JourneyPublished("welcome", 2, "spring", (Step("x", "exit", reason="x"),), "marketing", False)

    state = given(ENROLMENT, *WAITING).when(enroll(newer)).after()
    assert (state.begun.version, state.begun.steps) == (1, STEPS)


@for_all(any_.lists(any_.sampled_from([NoteSignal(KEY, "clicked"), AdvanceStep(KEY, moment(9))]), max_size=9))
def test_every_journey_ends(story):
    """Branches lead forward only: whatever happens, going on often enough comes to an end."""
    state = Given(ENROLMENT).do(ENROLMENT.initial, enroll()).after()
    for command in [*story, *[AdvanceStep(KEY, moment(9))] * len(STEPS)]:
        state = Given(ENROLMENT).do(state, command).after()

    assert state.status in ("completed", "exited")
