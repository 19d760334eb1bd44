"""SLA clocks: T-1 to T-7 and the worked checks of the metrics."""

from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.support.domain.terms import Escalation
from services.support.domain.ticket import (
    ApplyPolicy,
    ChangePriority,
    HoldTicket,
    MarkSpam,
    MergeTickets,
    ReceiveMessage,
    ReopenTicket,
    ResolveTicket,
    ResumeTicket,
    SendReply,
    SlaClockCancelled,
    SlaClockStarted,
    SlaClockStopped,
    SlaPolicyChanged,
    SlaTargetBreached,
    SlaTargetMet,
    TicketEscalated,
    TicketReopened,
)
from services.support.domain.ticket.waiting import timers
from shared.decide import Elapsed
from shared.errors import Conflict, Rejected
from shared.hours import business_seconds
from tests.unit.support.sla import HOUR, HOURS, Story, london, promised, terms


def reply(at, **more):
    """Return a public answer of a person."""
    return SendReply("T1", "We look into it", at=at, **more)


def message(at, text="Still nothing"):
    """Return what the customer writes."""
    return ReceiveMessage("T1", text, at=at)


def resolve(at):
    """Return the resolution."""
    return ResolveTicket("T1", "redelivered", at=at)


def test_c7_first_response_over_the_weekend():
    """Friday 16:30, reply Monday 09:10: 40 minutes, met."""
    story = Story(london(1, 16, 30))
    story.do(reply(london(4, 9, 10)))

    assert story.of(SlaTargetMet) == [SlaTargetMet("T1", "first_response", 1, 40 * 60, london(4, 9, 10))]


def test_c7_resolution_time_without_the_pause():
    """Open 10:00, hold 11:00 to 12:00, solved 13:00: two hours."""
    story = Story(london(1, 10))
    story.do(HoldTicket("T1", "customer", at=london(1, 11)))
    story.do(ResumeTicket("T1", at=london(1, 12)))
    story.do(resolve(london(1, 13)))

    [met] = story.of(SlaTargetMet)
    assert (met.kind, met.elapsed_s) == ("resolution", 2 * HOUR)


def test_c7_response_after_a_reopening():
    """Reopened Friday 14:00, answered 14:10: ten minutes."""
    story = Story(london(1, 9))
    story.do(resolve(london(1, 10)))
    story.do(ReopenTicket("T1", at=london(1, 14)))
    story.do(reply(london(1, 14, 10)))

    assert story.of(SlaTargetMet)[-1] == SlaTargetMet("T1", "first_response", 2, 600, london(1, 14, 10))


def test_t1_a_message_of_the_customer_resumes():
    """T-1: what was left of the target is left after the pause."""
    story = Story(london(1, 10))
    story.do(HoldTicket("T1", "customer", at=london(1, 12)))
    assert story.clock("resolution").awaited is None
    story.do(message(london(1, 14)))

    assert story.clock("resolution").awaited == london(4, 12)


@pytest.mark.parametrize(("pause_on", "status"), [((), "running"), (("third_party",), "paused")])
def test_t1_the_policy_names_other_pauses(pause_on, status):
    """T-1: waiting on a third party pauses only where the policy says so."""
    story = Story(london(1, 10), promised(terms(pause_on=pause_on)))
    story.do(HoldTicket("T1", "third_party", at=london(1, 11)))

    assert story.clock("resolution").status == status


def test_t2_automatic_and_private_answers_are_no_response():
    """T-2: only the public answer of a person is; with a hold in the same command it still is."""
    story = Story(london(1, 10))
    story.do(reply(london(1, 10, 1), automatic=True))
    story.do(reply(london(1, 10, 2), public=False))
    assert story.clock("first_response").live
    story.do(reply(london(1, 10, 3), waiting_on="customer"))

    assert story.clock("first_response").status == "met"
    assert story.clock("resolution").status == "paused"


def test_t2_a_ticket_we_opened_awaits_the_customer_first():
    """T-2: the first response is measured from the customer's first message."""
    story = Story(london(1, 10), origin="proactive")
    assert "first_response" not in story.state.clocks
    story.do(message(london(1, 11)))

    assert story.clock("first_response").awaited == london(1, 12)


def test_t2_the_first_response_is_not_overruled():
    """T-2: more messages before it start no other clock."""
    story = Story(london(1, 10))
    story.do(message(london(1, 10, 30)))

    assert set(story.state.clocks) == {"first_response", "resolution"}


def test_t3_the_earliest_unanswered_message_counts():
    """T-3: the second message does not start it anew, our own never do, and the resolution ends it."""
    story = Story(london(1, 9))
    story.do(reply(london(1, 9, 5)))
    story.do(reply(london(1, 9, 6)))
    assert "next_response" not in story.state.clocks
    story.do(message(london(1, 10)))
    story.do(message(london(1, 11)))
    assert story.clock("next_response").awaited == london(1, 12)
    story.do(resolve(london(1, 11, 30)))

    assert SlaTargetMet("T1", "next_response", 1, 5400, london(1, 11, 30)) in story.of(SlaTargetMet)


def test_t4_a_breach_is_stamped_once_with_its_due_time():
    """T-4: by the timer, or by whatever happens next when the timer was late; never twice."""
    by_timer, by_reply = Story(london(1, 16, 30)), Story(london(1, 16, 30))
    due = timers(by_timer.state)["sla_first_response"]
    assert by_timer.do(Elapsed("sla_first_response", due)) == [
        SlaTargetBreached("T1", "first_response", 1, london(4, 9, 30))
    ]
    assert by_timer.do(Elapsed("sla_first_response", due)) == []
    for story in (by_timer, by_reply):
        story.do(reply(london(4, 12)))
        assert story.of(SlaTargetBreached) == [SlaTargetBreached("T1", "first_response", 1, due)]
        assert story.of(SlaClockStopped) == [
            SlaClockStopped("T1", "first_response", 1, int(3.5 * HOUR), london(4, 12))
        ]


def test_t4_nothing_takes_a_breach_back():
    """T-4: neither a pause nor another policy."""
    story = Story(london(1, 9))
    story.do(HoldTicket("T1", "third_party", at=london(4, 12)))
    story.do(ApplyPolicy("T1", promised(policy_id="slow", version=2), at=london(4, 13)))

    assert story.clock("resolution").breached
    assert "sla_resolution" not in timers(story.state)


def test_t5_a_new_priority_carries_what_was_consumed():
    """T-5: of two hours one is gone; a target that is passed already is due now."""
    story = Story(london(1, 9))
    story.do(reply(london(1, 9, 5)))
    story.do(ChangePriority("T1", "urgent", at=london(1, 10)))
    [changed] = story.of(SlaPolicyChanged)
    assert (changed.elapsed_s_carried, changed.target_s, changed.due_at) == (HOUR, 2 * HOUR, london(1, 11))

    late = Story(london(1, 9))
    late.do(ChangePriority("T1", "urgent", at=london(1, 16)))
    assert late.clock("resolution").awaited == london(1, 16)


def test_t5_another_policy_carries_what_was_consumed():
    """T-5: what was consumed is measured by the old hours; a clock without a target is cancelled."""
    story = Story(london(1, 16))
    other = promised(terms(on_reopen="restart"), policy_id="gold", version=3)
    story.do(ApplyPolicy("T1", other, at=london(4, 10)))

    changed = {e.kind: e for e in story.of(SlaPolicyChanged)}
    assert changed["resolution"].elapsed_s_carried == 2 * HOUR
    assert (changed["resolution"].from_policy, changed["resolution"].to_policy) == ("standard", "gold")
    assert story.do(ApplyPolicy("T1", other, at=london(4, 11))) == []


@pytest.mark.parametrize(("on_reopen", "due"), [("continue", 4), ("restart", 5)])
def test_t6_the_resolution_clock_continues_or_restarts(on_reopen, due):
    """T-6: of eight hours four were consumed before the resolution on Friday."""
    story = Story(london(1, 9), promised(terms(on_reopen=on_reopen)))
    story.do(reply(london(1, 9, 30)))
    story.do(resolve(london(1, 13)))
    story.do(message(london(4, 13)))

    started = {e.kind: e for e in story.of(SlaClockStarted) if e.cycle == 2}
    assert set(started) == {"next_response", "resolution"}
    assert started["resolution"].due_at == london(due, 17 if due == 4 else 13)


@pytest.mark.parametrize(
    ("text", "day", "reopens"),
    [
        ("Thanks!", 1, False),
        ("Great, thank you so much", 2, False),
        ("Thanks, but it is still broken", 1, True),
        ("Thanks!", 4, True),
    ],
)
def test_t6_thanks_do_not_reopen(text, day, reopens):
    """T-6: inside the courtesy window of a day; whatever says more does."""
    story = Story(london(1, 9), promised(terms(courtesy_s=86_400)))
    story.do(resolve(london(1, 10)))
    story.do(message(london(day, 9, 59) if day < 4 else london(4, 10), text))

    assert bool(story.of(TicketReopened)) == reopens


@pytest.mark.parametrize(
    ("command", "reason"),
    [(MergeTickets("T1", "T2", at=london(1, 10)), "merged"), (MarkSpam("T1", at=london(1, 10)), "spam")],
)
def test_t7_merged_tickets_and_spam_leave_the_statistics(command, reason):
    """T-7: every clock is cancelled, none is met, and no timer is left."""
    story = Story(london(1, 9))
    story.do(command)

    assert {(e.kind, e.reason) for e in story.of(SlaClockCancelled)} == {
        ("first_response", reason),
        ("resolution", reason),
    }
    assert timers(story.state) == {}


def test_t8_the_reopen_window_closes():
    """T-8: a resolved ticket closes by itself, and is then closed for good."""
    story = Story(london(1, 9), promised(terms(reopen_window_s=86_400)))
    story.do(resolve(london(1, 10)))
    story.do(Elapsed("closes", timers(story.state)["closes"]))

    assert story.state.status == "closed"
    with pytest.raises(Conflict):
        story.do(ReopenTicket("T1", at=london(4, 9)))


steps = any_.tuples(
    any_.sampled_from(["reply", "message", "hold", "resume", "resolve", "urgent"]), any_.integers(0, 900)
)


@for_all(any_.lists(steps, max_size=12))
def test_t1_and_t4_hold_after_any_story(story):
    """No clock consumes more than the business time there was; each is breached once, with its due time."""
    minute, told = 0, Story(london(1, 9))
    for what, later in story:
        minute += later
        at = london(1, 9) + timedelta(minutes=minute)
        command = {
            "reply": reply(at),
            "message": message(at),
            "hold": HoldTicket("T1", "customer", at=at),
            "resume": ResumeTicket("T1", at=at),
            "resolve": resolve(at),
            "urgent": ChangePriority("T1", "urgent", at=at),
        }[what]
        try:
            told.do(command)
        except Rejected:
            continue
    breached = [(e.kind, e.cycle, e.due_at) for e in told.of(SlaTargetBreached)]

    assert len(set(breached)) == len(breached)
    ended = told.of(SlaTargetMet, SlaClockStopped)
    assert all(e.elapsed_s <= business_seconds(HOURS, london(1, 9), e.at) for e in ended)
    assert all(e.elapsed_s <= 8 * HOUR for e in told.of(SlaTargetMet))


def test_t4_a_breach_escalates_as_the_policy_says():
    """T-4: in the same decision, by the timer or by whatever comes next; never down, and not twice."""
    rising = terms(escalate_on_breach=(Escalation("first_response", 2), Escalation("resolution", 2)))
    story = Story(london(1, 10), promised(rising))
    due = story.clock("first_response").due_at

    breach = SlaTargetBreached("T1", "first_response", 1, due)
    escalated = TicketEscalated("T1", 2, "first_response_breached")
    assert story.do(Elapsed("sla_first_response", due)) == [breach, escalated]
    story.do(message(london(4, 17)))
    assert story.of(TicketEscalated) == [escalated]
    assert story.state.level == 2
    silent = Story(london(1, 10))
    silent.do(message(london(4, 17)))
    assert silent.of(SlaTargetBreached)
    assert silent.of(TicketEscalated) == []
