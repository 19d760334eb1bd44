"""Campaigns: delivery, engagement, answers, return and attribution, by the worked checks of the catalogue."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from services.analytics.attribution import MODELS
from services.analytics.metrics.metric import Row
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.trial import lift
from shared.errors import Invalid
from tests.company import Company
from tests.unit.analytics.metrics.folded import ask

MAY = Window(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
AT, DAY = datetime(2026, 5, 10, 9, 0, tzinfo=UTC), timedelta(days=1)


class Desk:
    """Writes the events of campaigns and of the orders that follow."""

    def __init__(self):
        self.company = Company()

    def message(self, number, *types, campaign="spring", at=AT, **said):
        """Queue a message to a customer of its own, and let these things happen to it."""
        for type_ in ("MessageQueued", *types):
            said = {"campaign_id": campaign, "message_id": str(number), **said}
            self.company.write("campaigns", type_, f"message-{number}", f"c-{number}", at=at, **said)

    def delivered(self, number, *types, **said):
        """Send and deliver a message, and let these things happen to it."""
        self.message(number, "MessageSent", "MessageDelivered", *types, **said)

    def event(self, category, number, type_, /, customer=None, at=AT, **said):
        """Write an event of campaigns."""
        self.company.write("campaigns", type_, f"{category}-{number}", customer, at=at, **said)

    def cost(self, number, pounds, type_="CampaignCostRecorded", **said):
        """Record or reverse a cost of the spring campaign."""
        money = {"amount": pounds * 100, "currency": "GBP"}
        self.event("campaign", "spring", type_, campaign_id="spring", cost_id=str(number), amount=money,
                   kind="ads", incurred_on="2026-05-05", **said)  # fmt: skip

    def order(self, number, customer, pounds, at=AT + DAY, **said):
        """Place an order."""
        total = {"amount": pounds * 100, "currency": "GBP"}
        self.company.write("sales", "OrderPlaced", f"order-{number}", customer, at=at, order_id=str(number),
                           lines=[], total=total, **said)  # fmt: skip

    def ask(self, metric, **question):
        """Return the figure of a metric."""
        return ask(self.company.events(), metric, Question(MAY, **question)).figure


@pytest.fixture
def desk():
    """A company without campaigns."""
    return Desk()


def test_delivered_and_bounced_are_shares_of_what_was_sent(desk):
    """Row 77: of four sent three arrived and one came back; suppressed ones tell why."""
    for number in range(3):
        desk.delivered(number)
    desk.message(3, "MessageSent", "MessageBounced", hardness="hard")
    desk.message(4, "MessageSuppressed", reason="consent")
    assert (desk.ask("delivery_rate").value, desk.ask("bounce_rate").value) == (
        Fraction(3, 4),
        Fraction(1, 4),
    )
    reach = desk.ask("reach")
    assert (reach.value, reach.detail) == (Fraction(3, 5), {"suppressed_consent": 1})


def test_m5_machines_are_flagged_out_and_shown_beside(desk):
    """M-5: one person opened twice, one machine opened: one of two, or two of two."""
    desk.delivered(1)
    desk.delivered(2)
    for number, engagement, automated in ((1, "a", False), (1, "b", False), (2, "c", True)):
        desk.event("message", number, "MessageOpened", f"c-{number}", campaign_id="spring",
                   engagement_id=engagement, automated=automated)  # fmt: skip
    opened = desk.ask("open_rate")
    assert (opened.value, opened.detail["with_automated"]) == (Fraction(1, 2), 1)
    desk.event("message", 2, "EngagementReclassified", "c-2", campaign_id="spring", engagement_ids=["c"],
               automated=False, rule_version=2)  # fmt: skip
    assert desk.ask("open_rate").value == 1


def test_click_to_open_divides_by_the_openers(desk):
    """Two opened, one of them clicked."""
    for number in (1, 2, 3):
        desk.delivered(number)
    for number, type_ in ((1, "MessageOpened"), (2, "MessageOpened"), (1, "LinkClicked")):
        desk.event(
            "message",
            number,
            type_,
            f"c-{number}",
            campaign_id="spring",
            engagement_id=type_,
            automated=False,
        )
    assert desk.ask("click_to_open_rate").value == Fraction(1, 2)
    assert desk.ask("click_rate").value == Fraction(1, 3)


def test_m6_who_was_suppressed_already_is_no_opt_out(desk):
    """M-6: two unsubscribed, one of whom had done so before."""
    for number, already in ((1, False), (2, True)):
        desk.delivered(number)
        desk.event("message", number, "UnsubscribeRequested", f"c-{number}", campaign_id="spring",
                   already_suppressed=already)  # fmt: skip
    assert desk.ask("unsubscribe_rate").value == Fraction(1, 2)


def test_contacts_attempts_and_answers_by_medium(desk):
    """Three calls in 2 + 3 + 1 attempts and a visit; two people answered by telephone, one by letter."""
    made = (("telephone", 2), ("telephone", 3), ("telephone", 1), ("visit", 1))
    for number, (medium, attempts) in enumerate(made):
        desk.event("touch", number, "ContactAttempted", f"c-{number}", campaign_id="spring", medium=medium,
                   attempts=attempts)  # fmt: skip
    for number, medium in enumerate(("telephone", "telephone", "letter")):
        desk.event("response", number, "CampaignResponseRecorded", f"c-{number}", campaign_id="spring",
                   response_id=str(number), kind="yes", medium=medium)  # fmt: skip

    calls = desk.ask("attempts_per_contact", scope=scope_of("medium:telephone"))
    assert (calls.value, calls.numerator, calls.n) == (2, 6, 3)
    assert desk.ask("attempts_per_contact").value == Fraction(7, 4)
    assert desk.ask("campaign_responses").value == 3
    assert desk.ask("campaign_responses", scope=scope_of("medium:telephone")).value == 2


def test_row_72_response_conversion_cost_and_return_of_a_seeded_campaign(desk):
    """Four reached, two answered, one bought for 300.00; 100.00 spent: 50 %, 25 %, 50.00 an answer, ROI 2."""
    for number in (1, 2, 3):
        desk.delivered(number)
    desk.event("touch", "t", "ContactAttempted", "c-4", campaign_id="spring", medium="cellular", attempts=2)
    for number in (1, 4):
        desk.event("response", number, "CampaignResponseRecorded", f"c-{number}", campaign_id="spring",
                   response_id=str(number), kind="reply")  # fmt: skip
    desk.cost(1, 100)
    desk.cost(2, 40)
    desk.cost(2, 40, "CampaignCostReversed")
    desk.order(1, "c-1", 300, campaign_id="spring")
    desk.order(2, "c-9", 999)
    assert desk.ask("response_rate").value == Fraction(2, 4)
    assert desk.ask("conversion_rate").value == Fraction(1, 4)
    assert desk.ask("cost_per_response").value == 5_000
    assert desk.ask("campaign_roi", scope=scope_of("campaign:spring")).value == 2
    assert desk.ask("campaign_roi", scope=scope_of("campaign:autumn")).value is None


def test_c7_romi_of_fifty_thousand_at_sixty_percent_for_ten_thousand_is_two_hundred_percent(desk):
    """(50k x 60 % - 10k) / 10k = 2."""
    desk.order(1, "c-1", 50_000, campaign_id="spring")
    desk.cost(1, 10_000)
    assert desk.ask("campaign_romi", parameters={"margin": 0.6}).value == 2


def test_c7_lift_of_one_and_a_half_points_over_nine_thousand_people_is_worth_5400():
    """(6.0 % - 4.5 %) x 9,000 x 40 = 5,400, between the ends of its interval."""
    values = {"treated": 9_000, "treated_bought": 540, "control": 1_000, "control_bought": 45}
    found = lift([Row("2026-05-10", {}, values)], Question(MAY, parameters={"conversion_value": 4_000}))
    assert found.value == 540_000
    assert found.detail["low"] < found.value < found.detail["high"]
    spend = 300_000
    assert (found.value - spend) / spend == Fraction(80, 100)


def test_lift_compares_who_got_the_message_with_who_was_held_back(desk):
    """Control buys without naming the campaign, and counts; what was bought before does not."""
    for number in range(4):
        desk.delivered(number)
    for number in range(4, 8):
        desk.message(number, "MessageSuppressed", reason="control")
    for number, customer in enumerate(("c-0", "c-1", "c-4")):
        desk.order(number, customer, 40)
    desk.order(9, "c-5", 40, at=AT - DAY)
    found = desk.ask("campaign_lift", scope=scope_of("campaign:spring"))
    assert (found.detail["treated_share"], found.detail["control_share"]) == (0.5, 0.25)
    assert found.value == Fraction(1, 4) * 4 * 4_000


def test_lift_counts_a_merged_person_once(desk):
    """Two contacts of one person got the message; the person is one of the treated."""
    desk.delivered(1)
    desk.delivered(2)
    desk.message(3, "MessageSuppressed", reason="control")
    desk.company.merge("c-1", "c-2")
    desk.order(1, "c-2", 40)
    assert desk.ask("campaign_lift").denominator == 1


def clicked(desk, number, campaign, days, customer="c-1"):
    """Let a customer click in a message so many days before the sale."""
    desk.event("message", f"{campaign}{number}", "LinkClicked", customer, at=AT - days * DAY,
               campaign_id=campaign, engagement_id=str(number), automated=False)  # fmt: skip


@pytest.mark.parametrize("model", sorted(MODELS))
def test_attribution_credits_every_penny_once(desk, model):
    """Three touches in April and May share 1,000.00; 5.00 that nobody touched stay under no name."""
    for number, (campaign, days) in enumerate((("spring", 14), ("news", 7), ("spring", 0))):
        clicked(desk, number, campaign, days)
    desk.order(1, "c-1", 1_000, at=AT)
    desk.order(2, "c-2", 5, at=AT)
    question = Question(MAY, by="campaign", parameters={"model": model})
    found = ask(desk.company.events(), "attributed_revenue", question)
    earned = {p.label: p.figure.value for p in found.points}
    assert earned[""] == 500
    assert sum(earned.values()) == found.figure.value == 100_500
    if model == "linear":
        assert earned == {"": 500, "news": 33_333, "spring": 66_667}
    if model == "time_decay":
        assert earned == {"": 500, "news": 28_571, "spring": 71_429}


def test_attribution_follows_a_person_through_a_merge(desk):
    """The click was under one contact, the order under another of the same person."""
    clicked(desk, 1, "spring", 3, customer="c-2")
    desk.order(1, "c-1", 10, at=AT)
    desk.company.merge("c-1", "c-2")
    found = ask(desk.company.events(), "attributed_revenue", Question(MAY, by="campaign"))
    assert [(p.label, p.figure.value) for p in found.points] == [("spring", 1_000)]


@pytest.mark.parametrize("wrong", [{"model": "guess"}, {"window_days": 0}, {"half_life_days": 0.0}])
def test_a_model_that_is_none_is_refused_by_name(desk, wrong):
    """The answer names the parameter."""
    desk.order(1, "c-1", 10)
    with pytest.raises(Invalid) as refused:
        desk.ask("attributed_revenue", parameters=wrong)
    assert [e.pointer for e in refused.value.errors] == [f"?{next(iter(wrong))}"]
