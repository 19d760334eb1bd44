"""Campaigns: planned, running, paused, completed, cancelled."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.campaigns.domain.campaign import (
    CAMPAIGN,
    STEPS,
    CampaignCancelled,
    CampaignCompleted,
    CampaignLaunched,
    CampaignPaused,
    CampaignPlanned,
    CampaignResumed,
    CancelCampaign,
    CompleteCampaign,
    LaunchCampaign,
    PauseCampaign,
    PlanCampaign,
    ResumeCampaign,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.given import Given, given
from shared.values import Money

BUDGET = Money(1_000_000, "EUR")
PLANNED = CampaignPlanned("spring", "Spring deposit", "200 new deposits", BUDGET, ("call_center",))
LAUNCHED, PAUSED = CampaignLaunched("spring"), CampaignPaused("spring")


def test_a_campaign_is_planned_and_planned_anew():
    """Until it starts a plan may be replaced; the same plan is no news."""
    plan = PlanCampaign("spring", "Spring deposit", "200 new deposits", BUDGET, ("call_center",))

    given(CAMPAIGN).when(plan).then(PLANNED)
    given(CAMPAIGN, PLANNED).when(plan).then_nothing()
    given(CAMPAIGN, PLANNED).when(PlanCampaign("spring", "Summer")).then(CampaignPlanned("spring", "Summer"))
    given(CAMPAIGN, PLANNED, LAUNCHED).when(PlanCampaign("spring", "Summer")).then_raises(Conflict, "stands")


@pytest.mark.parametrize(
    ("plan", "missing"),
    [
        (CampaignPlanned("spring", "Spring", None, BUDGET), "/objective"),
        (CampaignPlanned("spring", "Spring", "  ", BUDGET), "/objective"),
        (CampaignPlanned("spring", "Spring", "200 deposits"), "/budget"),
        (CampaignPlanned("spring", "Spring", "200 deposits", Money(0, "EUR")), "/budget"),
    ],
)
def test_m8_launch_requires_objective_and_budget(plan, missing):
    """M-8: what is missing is named; with both the campaign starts."""
    given(CAMPAIGN, plan).when(LaunchCampaign("spring")).then_raises(Invalid, missing)
    given(CAMPAIGN, PLANNED).when(LaunchCampaign("spring")).then(LAUNCHED)


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
    poor = CampaignPlanned("spring", "Spring", "200 deposits")
    state = Given(CAMPAIGN, [poor]).state()
    for command in story:
        state = Given(CAMPAIGN).do(state, command).after()

    assert state.status in ("planned", "cancelled")
