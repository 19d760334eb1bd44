"""Proactive cases and the promises they come from."""

from datetime import UTC, date, datetime

from services.support.domain.case import (
    CASE,
    OutreachAttempted,
    ProactiveCaseRaised,
    ProactiveCaseResolved,
    RaiseCase,
    RecordOutreach,
    ResolveCase,
    case_of,
)
from services.support.domain.promise import (
    PROMISE,
    EndWatch,
    PromiseEnded,
    PromiseMissed,
    PromiseWatched,
    WatchPromise,
)
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.given import given

DAY, PASSED = date(2026, 5, 5), datetime(2026, 5, 6, tzinfo=UTC)
WATCHED = PromiseWatched("1", DAY, "event-1")
KEY = case_of("late", ("e1", "e2"))
RAISED = ProactiveCaseRaised(KEY, "late", 1, ("e1", "e2"), "1")
REACHED = OutreachAttempted(KEY, "phone", "reached")
RESOLVED = ProactiveCaseResolved(KEY, "resolved", "T1")


def test_t10_the_same_rule_and_evidence_raise_one_case():
    """T-10: whatever the order of the evidence; another rule or evidence is another case."""
    raise_ = RaiseCase(KEY, "late", 1, ("e1", "e2"), "1")

    given(CASE).when(raise_).then(RAISED)
    given(CASE, RAISED, RESOLVED).when(raise_).then_nothing()
    given(CASE).when(RaiseCase(KEY, "late", 1, ("e3",))).then_raises(Invalid, "/case_id")
    assert case_of("late", ("e2", "e1")) == KEY != case_of("churn", ("e1", "e2"))


def test_a_case_is_over_once():
    """Contacted as often as it takes; then resolved, unreachable or unneeded."""
    given(CASE, RAISED).when(RecordOutreach(KEY, "phone", "reached")).then(REACHED)
    given(CASE, RAISED, REACHED).when(ResolveCase(KEY, ticket_id="T1")).then(RESOLVED)
    given(CASE, RAISED, RESOLVED).when(ResolveCase(KEY)).then_nothing()
    given(CASE, RAISED, RESOLVED).when(ResolveCase(KEY, "unneeded")).then_raises(Conflict, "resolved")
    given(CASE, RAISED, RESOLVED).when(RecordOutreach(KEY, "phone", "reached")).then_raises(Conflict)
    given(CASE).when(ResolveCase(KEY)).then_raises(NotFound)


def test_how_an_outreach_went_is_a_term_of_the_vocabulary():
    """The usual four while none is defined, then its own."""
    own = {"codes": {"outreach-outcomes": ("spoke",)}}

    given(CASE, RAISED).when(RecordOutreach(KEY, "phone", "spoke")).then_raises(Invalid, "no_answer")
    given(CASE, RAISED).when(RecordOutreach(KEY, "phone", "reached", **own)).then_raises(Invalid, "spoke")
    spoke = OutreachAttempted(KEY, "phone", "spoke")
    given(CASE, RAISED).when(RecordOutreach(KEY, "phone", "spoke", **own)).then(spoke)


def test_c6_a_promise_is_missed_when_its_day_has_passed():
    """C6: at the end of the promised day, once."""
    missed = PromiseMissed("1", DAY, "event-1")

    given(PROMISE).when(WatchPromise("1", DAY, "event-1")).then(WATCHED)
    assert PROMISE.timers(given(PROMISE, WATCHED).state()) == {"passes": PASSED}
    given(PROMISE, WATCHED).when(Elapsed("passes", PASSED)).then(missed)
    given(PROMISE, WATCHED, missed).when(Elapsed("passes", PASSED)).then_nothing()


def test_c6_what_arrived_or_is_off_is_not_missed():
    """C6: also when the delivery is heard of before the promise."""
    ended = PromiseEnded("1", "delivered")

    given(PROMISE, WATCHED).when(EndWatch("1", "delivered")).then(ended)
    given(PROMISE, WATCHED, ended).when(Elapsed("passes", PASSED)).then_nothing()
    given(PROMISE, ended).when(WatchPromise("1", DAY, "event-1")).then_nothing()
    given(PROMISE, ended).when(EndWatch("1", "cancelled")).then_nothing()


def test_c6_another_day_replaces_the_first():
    """C6: the first day passes unminded."""
    later = PromiseWatched("1", date(2026, 5, 9), "event-2")

    given(PROMISE, WATCHED).when(WatchPromise("1", date(2026, 5, 9), "event-2")).then(later)
    given(PROMISE, WATCHED, later).when(Elapsed("passes", PASSED)).then_nothing()
