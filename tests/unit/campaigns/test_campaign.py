"""Campaigns: planned, scheduled, running, paused, completed, cancelled; audiences and costs."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.campaigns.domain.campaign import (
    CAMPAIGN,
    STEPS,
    AudienceFrozen,
    CampaignCancelled,
    CampaignCompleted,
    CampaignCostRecorded,
    CampaignCostReversed,
    CampaignLaunched,
    CampaignPaused,
    CampaignPlanned,
    CampaignResumed,
    CampaignScheduled,
    CancelCampaign,
    CompleteCampaign,
    FreezeAudience,
    LaunchCampaign,
    Objective,
    PauseCampaign,
    PlanCampaign,
    RecordCost,
    ResumeCampaign,
    ReverseCost,
    ScheduleCampaign,
    Window,
)
from services.campaigns.domain.campaign.audience import in_control, list_hash, variant_of
from shared.contracts.payload import from_data
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.given import Given, given
from shared.values import Money

BUDGET = Money(1_000_000, "EUR")
GOAL = Objective("deposits", 1_200, 1_400, date(2026, 6, 30))
PLANNED = CampaignPlanned("spring", "Spring deposit", GOAL, BUDGET, ("call_center",))
MOMENT = datetime(2026, 5, 1, 10, tzinfo=UTC)
PEOPLE = tuple(f"c-{n:04}" for n in range(1_000))
FREEZE = FreezeAudience("spring", "savers", 2, MOMENT, "analytics@812", PEOPLE, "seed-1", 0.1)
FROZEN = AudienceFrozen(
    "spring", "savers", 2, MOMENT, "analytics@812", 1_000, 0.1, "seed-1", list_hash(PEOPLE)
)
LAUNCHED, PAUSED = CampaignLaunched("spring"), CampaignPaused("spring")


def test_a_campaign_is_planned_and_planned_anew():
    """Until it starts a plan may be replaced; the same plan is no news."""
    plan = PlanCampaign("spring", "Spring deposit", GOAL, BUDGET, ("call_center",))

    given(CAMPAIGN).when(plan).then(PLANNED)
    given(CAMPAIGN, PLANNED).when(plan).then_nothing()
    given(CAMPAIGN, PLANNED).when(PlanCampaign("spring", "Summer")).then(CampaignPlanned("spring", "Summer"))
    given(CAMPAIGN, PLANNED, LAUNCHED).when(PlanCampaign("spring", "Summer")).then_raises(Conflict, "stands")


@pytest.mark.parametrize(
    ("past", "missing"),
    [
        ([CampaignPlanned("spring", "Spring", None, BUDGET), FROZEN], "/objective"),
        ([CampaignPlanned("spring", "Spring", GOAL), FROZEN], "/budget"),
        ([CampaignPlanned("spring", "Spring", GOAL, Money(0, "EUR")), FROZEN], "/budget"),
        ([PLANNED], "/audience"),
    ],
)
def test_m8_launch_requires_objective_budget_and_audience(past, missing):
    """M-8: what is missing is named, at the launch and when it is scheduled."""
    given(CAMPAIGN, *past).when(LaunchCampaign("spring")).then_raises(Invalid, missing)
    given(CAMPAIGN, *past).when(ScheduleCampaign("spring", MOMENT)).then_raises(Invalid, missing)


def test_m8_a_journey_stands_for_an_audience():
    """M-8: with objective and budget, an audience or a journey lets the campaign start."""
    journey = CampaignPlanned("spring", "Spring", GOAL, BUDGET, journey_id="welcome")

    given(CAMPAIGN, PLANNED, FROZEN).when(LaunchCampaign("spring")).then(LAUNCHED)
    given(CAMPAIGN, journey).when(LaunchCampaign("spring")).then(LAUNCHED)


def test_a_scheduled_campaign_starts_by_itself():
    """A scheduled campaign has a timer until it starts, and one that is late starts late."""
    scheduled = CampaignScheduled("spring", MOMENT)
    past = given(CAMPAIGN, PLANNED, FROZEN, scheduled)

    given(CAMPAIGN, PLANNED, FROZEN).when(ScheduleCampaign("spring", MOMENT)).then(scheduled)
    assert CAMPAIGN.timers(past.state()) == {"launch": MOMENT}
    started = past.when(Elapsed("launch", MOMENT)).then(LAUNCHED)
    assert CAMPAIGN.timers(started) == {}


def test_m4_a_frozen_audience_is_proved_by_its_hash():
    """M-4: the same people in any order give the same hash; after the start the audience stands."""
    again = FreezeAudience("spring", "savers", 2, MOMENT, "analytics@812", PEOPLE[::-1], "seed-1", 0.1)
    other = FreezeAudience("spring", "savers", 2, MOMENT, "analytics@812", PEOPLE[1:], "seed-1", 0.1)

    given(CAMPAIGN, PLANNED).when(FREEZE).then(FROZEN)
    given(CAMPAIGN, PLANNED, FROZEN).when(again).then_nothing()
    given(CAMPAIGN, PLANNED, FROZEN, LAUNCHED).when(other).then_raises(Conflict, "audience stands")


@for_all(any_.text(), any_.text(max_size=20), any_.floats(0, 0.9))
def test_m3_the_control_group_is_reproducible(contact, seed, share):
    """M-3: person and seed alone decide; a larger share keeps everybody a smaller one had."""
    assert in_control(contact, seed, share) == in_control(contact, seed, share)
    assert not in_control(contact, seed, 0)
    assert in_control(contact, seed, share) <= in_control(contact, seed, 0.9)
    assert variant_of(contact, seed, ["a", "b"]) in ("a", "b")


def test_m3_the_control_group_has_its_share():
    """M-3: of a thousand people about a tenth are drawn, and variants are drawn independently of that."""
    control = [p for p in PEOPLE if in_control(p, "seed-1", 0.1)]
    first = [p for p in control if variant_of(p, "seed-1", ["a", "b"]) == "a"]

    assert 70 <= len(control) <= 130
    assert 0.3 * len(control) <= len(first) <= 0.7 * len(control)


def test_m8_costs_are_only_added_and_reversed():
    """M-8: a cost counts once, a reversal nets it out, and both entries stay, also after the end."""
    cost = CampaignCostRecorded("spring", "i-1", "media", Money(5_000, "EUR"), date(2026, 5, 2), "radio")
    record = RecordCost("spring", "i-1", "media", Money(5_000, "EUR"), date(2026, 5, 2), "radio")
    reverse = ReverseCost("spring", "i-1", "booked twice")
    back = CampaignCostReversed("spring", "i-1", Money(5_000, "EUR"), "booked twice")
    done = given(CAMPAIGN, PLANNED, FROZEN, LAUNCHED, CampaignCompleted("spring"))

    spent = done.when(record).then(cost)
    assert spent.spent == {"EUR": 5_000}
    given(CAMPAIGN, PLANNED, cost).when(record).then_nothing()
    netted = given(CAMPAIGN, PLANNED, cost).when(reverse).then(back)
    assert netted.spent == {}
    given(CAMPAIGN, PLANNED, cost, back).when(reverse).then_nothing()
    given(CAMPAIGN, PLANNED).when(reverse).then_raises(NotFound, "i-1")


def test_a_plan_of_schema_1_is_lifted():
    """An objective in words becomes the hypothesis."""
    lift = CAMPAIGN.upcasters["CampaignPlanned", 1]
    old = {"campaign_id": "spring", "name": "Spring", "objective": "200 new deposits"}

    assert from_data(CampaignPlanned, lift(old)) == CampaignPlanned(
        "spring", "Spring", hypothesis="200 new deposits"
    )


def test_a_budget_is_money_to_spend():
    """A negative one is refused by name."""
    plan = PlanCampaign("spring", "Spring", budget=Money(-1, "EUR"))

    given(CAMPAIGN).when(plan).then_raises(Invalid, "/budget/amount: can not be negative")


def test_a_window_opens_before_it_closes():
    """A window the wrong way round is refused."""
    plan = PlanCampaign("spring", "Spring", window=Window(MOMENT, MOMENT))

    given(CAMPAIGN).when(plan).then_raises(Invalid, "/window")


@pytest.mark.parametrize(
    ("past", "command", "event"),
    [
        ([LAUNCHED], PauseCampaign("spring", "stock"), CampaignPaused("spring", "stock")),
        ([LAUNCHED, PAUSED], ResumeCampaign("spring"), CampaignResumed("spring")),
        ([LAUNCHED], CompleteCampaign("spring"), CampaignCompleted("spring")),
        ([LAUNCHED, PAUSED], CompleteCampaign("spring"), CampaignCompleted("spring")),
        ([], CancelCampaign("spring", "law"), CampaignCancelled("spring", "law")),
        ([LAUNCHED], CancelCampaign("spring"), CampaignCancelled("spring")),
        ([LAUNCHED, PAUSED], CancelCampaign("spring"), CampaignCancelled("spring")),
    ],
)
def test_a_campaign_takes_its_steps_once(past, command, event):
    """Each step is taken from its states, and taking it again is no news."""
    given(CAMPAIGN, PLANNED, *past).when(command).then(event)
    given(CAMPAIGN, PLANNED, *past, event).when(command).then_nothing()


@pytest.mark.parametrize(
    ("past", "command"),
    [
        ([], PauseCampaign("spring")),
        ([], CompleteCampaign("spring")),
        ([LAUNCHED, CampaignCompleted("spring")], CancelCampaign("spring")),
        ([CampaignCancelled("spring")], LaunchCampaign("spring")),
        ([LAUNCHED, CampaignCompleted("spring")], ResumeCampaign("spring")),
    ],
)
def test_other_steps_are_refused(past, command):
    """What is over stays over, and what has not started can not halt."""
    given(CAMPAIGN, PLANNED, *past).when(command).then_raises(Conflict, "campaign spring is")


@pytest.mark.parametrize("command", STEPS)
def test_an_unknown_campaign_is_not_found(command):
    """Only a plan begins a campaign."""
    given(CAMPAIGN).when(command("spring")).then_raises(NotFound, "not known")


@for_all(any_.lists(any_.sampled_from([c("spring") for c in STEPS]), max_size=10))
def test_m8_holds_after_any_story(story):
    """M-8: whatever is tried, a campaign that ran was launched, and without a budget it never ran."""
    poor = CampaignPlanned("spring", "Spring", GOAL)
    state = Given(CAMPAIGN, [poor]).state()
    for command in story:
        state = Given(CAMPAIGN).do(state, command).after()

    assert state.status in ("planned", "cancelled")
