"""The account of the clocks: nothing counted twice, nothing left out."""

from services.support.account import account
from services.support.domain.terms import Target, Terms
from services.support.domain.ticket import (
    ApplyPolicy,
    HoldTicket,
    ReceiveMessage,
    ResolveTicket,
    ResumeTicket,
    SendReply,
    SlaTargetBreached,
)
from tests.unit.support.sla import HOUR, Story, london, promised


def test_t1_running_paused_and_closed_time_add_up():
    """T-1: open Friday 10:00, hold 11:00 to Monday 12:00, solved 13:00: two hours, nine of pause."""
    story = Story(london(1, 10))
    story.do(SendReply("T1", "Which address?", at=london(1, 10, 30)))
    story.do(HoldTicket("T1", "customer", at=london(1, 11)))
    story.do(ResumeTicket("T1", at=london(4, 12)))
    story.do(ResolveTicket("T1", "redelivered", at=london(4, 13)))

    told = account(story.events, london(5, 9))
    lines = [line for line in told["lines"] if line["kind"] == "resolution"]
    assert [(x["running_s"], x["paused_s"]) for x in lines] == [(HOUR, 0), (0, 9 * HOUR), (HOUR, 0)]
    assert sum(x["running_s"] + x["paused_s"] + x["closed_s"] for x in lines) == (75 * HOUR)
    assert {x["calendar_version"] for x in lines} == {1}
    assert {c["kind"]: c["elapsed_s"] for c in told["clocks"]} == {
        "first_response": HOUR // 2,
        "resolution": 2 * HOUR,
    }


def test_the_account_of_a_clock_that_runs_goes_up_to_the_moment_asked_for():
    """What is not over yet has a last line too."""
    told = account(Story(london(1, 16)).events, london(4, 10))

    [line] = [line for line in told["lines"] if line["kind"] == "resolution"]
    assert (line["running_s"], line["closed_s"]) == (2 * HOUR, 64 * HOUR)


def test_the_account_matches_the_table_drawn_by_hand():
    """T-1 to T-6: held on Friday, resumed on Monday, breached, promised anew, reopened on Tuesday."""
    story = Story(london(1, 16, 30))
    story.do(SendReply("T1", "Which address?", waiting_on="customer", at=london(1, 16, 45)))
    story.do(ResumeTicket("T1", at=london(4, 10)))
    slow = Terms((Target("normal", "resolution", 16 * HOUR), Target("normal", "next_response", HOUR)))
    story.do(ApplyPolicy("T1", promised(slow, policy_id="slow"), at=london(5, 10)))
    story.do(ResolveTicket("T1", "redelivered", at=london(5, 11)))
    story.do(ReceiveMessage("T1", "Still nothing", at=london(5, 14)))

    told = account(story.events, london(6, 10))
    drawn = [
        # cycle, from, to, running, paused, closed
        (1, london(1, 16, 30), london(1, 16, 45), 900, 0, 0),
        (1, london(1, 16, 45), london(4, 10), 0, 4500, 64 * HOUR),
        (1, london(4, 10), london(5, 10), 8 * HOUR, 0, 16 * HOUR),
        (1, london(5, 10), london(5, 11), HOUR, 0, 0),
        (2, london(5, 14), london(6, 10), 4 * HOUR, 0, 16 * HOUR),
    ]
    names = ("cycle", "from", "to", "running_s", "paused_s", "closed_s")
    lines = [tuple(x[n] for n in names) for x in told["lines"] if x["kind"] == "resolution"]
    assert lines == drawn
    assert story.of(SlaTargetBreached) == [SlaTargetBreached("T1", "resolution", 1, london(5, 9, 45))]
    assert story.clock("resolution").awaited == london(6, 12, 45)
    assert story.clock("next_response").awaited == london(5, 15)
