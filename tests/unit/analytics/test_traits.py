"""Traits and what they amount to: counters by day in any order, stages, tiers, scores, churn risk."""

from datetime import UTC, datetime, timedelta

import pytest

from services.analytics.domain.rating import FIRST
from services.analytics.domain.scale import (
    FORMULA,
    SCALE,
    TIER_SHARES,
    Calibrate,
    ValueScaleCalibrated,
    Worth,
)
from services.analytics.segments.calibrating import calibration
from services.analytics.segments.knowing import known_of
from services.analytics.segments.rating import Buying, Yardstick, scores, stages, tier_of
from services.analytics.segments.risk import churn
from services.analytics.views.traits import BEFORE, TRAITS, day_of
from shared.segments import Facts, evaluate
from shared.segments.language import LONGEST_WINDOW
from shared.testing.given import given
from shared.testing.projection import ProjectionSpec
from tests.company import BEGIN, Company, populate

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = day_of(NOON)


def company() -> Company:
    """A company with a customer who has done a bit of everything."""
    made = Company(seed=3)
    populate(made, customers=2, rounds=3)
    lines = [{"sku": "k", "category": "Home & Garden"}]
    money = {"amount": 4_999, "currency": "GBP"}
    write = made.write
    write(
        "sales",
        "OrderPlaced",
        "order-1",
        "ada",
        at=NOON,
        order_id="1",
        order_no="1",
        lines=lines,
        total=money,
    )
    write("sales", "OrderReturned", "order-1", "ada", at=NOON, order_id="1", value={**money, "amount": 999})
    write("contacts", "PreferenceStated", "contact-ada", "ada", at=NOON, topic="Garden tips", value="yes")
    consent(made, "ConsentGranted", expires_at="2026-05-09T08:00:00Z")
    write(
        "campaigns",
        "LinkClicked",
        "message-1",
        "ada",
        at=NOON,
        message_id="1",
        engagement_id="click-1",
        automated=False,
    )
    write(
        "campaigns",
        "LinkClicked",
        "message-1",
        "ada",
        at=NOON,
        message_id="1",
        engagement_id="click-2",
        automated=True,
    )
    write("support", "SurveyResponded", "survey-1", "ada", at=NOON, kind="nps", score=9)
    write("support", "TicketOpened", "ticket-8", "ada", at=NOON, ticket_id="8")
    write("support", "TicketClosed", "ticket-8", "ada", at=NOON, ticket_id="8")
    write("support", "TicketReopened", "ticket-8", "ada", at=NOON, ticket_id="8")
    return made


def consent(made: Company, kind: str, **data: str) -> None:
    """Let Ada say something about news by e-mail."""
    said = {"purpose": "news", "channel": "email", **data}
    made.write("contacts", kind, "contact-ada", "ada", at=NOON, said=said)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("behaviour.orders", 1),
        ("behaviour.net_value.GBP", 40),
        ("behaviour.category.home___garden", 1),
        ("behaviour.returns", 1),
        ("behaviour.campaign_clicks", 1),
        ("behaviour.open_tickets", 1),
        ("behaviour.survey.nps", 9),
        ("behaviour.channel.web", 3),
        ("preferences.garden_tips", "yes"),
        ("preferences.consent.news.email", True),
        ("behaviour.lifecycle_stage", "customer"),
    ],
)
def test_every_kind_of_fact_comes_out_of_the_events(fact: str, value: object) -> None:
    """In whatever order they arrive."""
    traits = ProjectionSpec(TRAITS).given(*company().events()).then("ada")
    known = known_of(traits, {}, Yardstick())
    assert evaluate({"fact": fact, "is": "equal", "value": value}, known.facts, NOON).member


def test_m_5_opens_and_clicks_judged_anew_change_the_facts_on_their_day() -> None:
    """A person's is taken back, a machine's is given, in whatever order the messages are heard."""
    made, rule = Company(seed=1), {"fact": "behaviour.campaign_clicks", "is": "at_least", "value": 1}
    clicked(made, "1", "LinkClicked", "click-1", automated=False)
    clicked(made, "2", "MessageOpened", "open-1", automated=True)
    before = facts_of(made)
    assert evaluate(rule, before, NOON).member
    judged(made, "1", "click-1", automated=True)
    judged(made, "1", "click-1", automated=True)
    judged(made, "2", "open-1", automated=False)
    after = facts_of(made)
    assert not evaluate(rule, after, NOON).member
    assert after.signal("behaviour.campaign_opens", 1).value(TODAY) == 1
    judged(made, "1", "click-1", automated=False)
    assert evaluate(rule, facts_of(made), NOON).member


def test_an_open_is_remembered_as_long_as_a_rule_can_look_back_in_every_order() -> None:
    """Judged anew it counts anew on the last day of the longest window; a day later it is forgotten."""
    made, longest = Company(seed=1), timedelta(days=LONGEST_WINDOW)
    for number, at in (("old", NOON), ("kept", NOON + timedelta(days=1)), ("new", NOON + longest)):
        clicked(made, number, "MessageOpened", f"open-{number}", automated=number == "new", at=at)
        judged(made, number, f"open-{number}", automated=number != "new", at=at)
    traits = ProjectionSpec(TRAITS).given(*made.events()).then("ada")
    assert set(traits["engagements"]) == {"kept", "new"}
    assert sorted(traits["days"]["campaign_opens"].values()) == [0, 1]
    judged(made, "kept", "open-kept", automated=False, at=NOON + longest)
    facts = facts_of(made)
    assert facts.signal("behaviour.campaign_opens", LONGEST_WINDOW).value(TODAY + LONGEST_WINDOW) == 2
    assert facts.signal("behaviour.campaign_opens", None).value(TODAY + LONGEST_WINDOW) == 2


def test_a_customer_who_is_all_forgotten_is_as_if_nothing_had_been_opened() -> None:
    """A machine's look long after leaves no trace of what a person opened."""
    made = Company(seed=1)
    clicked(made, "old", "LinkClicked", "click-1", automated=False)
    clicked(made, "new", "LinkClicked", "click-1", automated=True, at=NOON + timedelta(days=LONGEST_WINDOW))
    traits = ProjectionSpec(TRAITS).given(*made.events()).then("ada")
    assert (set(traits["engagements"]), traits.get("days")) == ({"new"}, None)


def clicked(
    made: Company, message: str, kind: str, key: str, *, automated: bool, at: datetime = NOON
) -> None:
    """Let somebody, or something, do something with a message to Ada."""
    said = {"message_id": message, "engagement_id": key, "automated": automated}
    made.write("campaigns", kind, f"message-{message}", "ada", at=at, said=said)


def judged(made: Company, message: str, key: str, *, automated: bool, at: datetime = NOON) -> None:
    """Let a newer rule judge it, days later."""
    said = {"message_id": message, "engagement_ids": [key], "automated": automated}
    at += timedelta(days=3)
    made.write("campaigns", "EngagementReclassified", f"message-{message}", "ada", at=at, said=said)


def facts_of(made: Company) -> Facts:
    """Return Ada's facts, folded in several orders."""
    return known_of(ProjectionSpec(TRAITS).given(*made.events()).then("ada"), {}, Yardstick()).facts


def test_a_consent_runs_out_and_a_withdrawal_wins_a_tie() -> None:
    """The day it expires it is no longer in force."""
    made, rule = company(), {"fact": "preferences.consent.news.email", "is": "equal", "value": True}
    traits = ProjectionSpec(TRAITS).given(*made.events()).then("ada")
    told = evaluate(rule, known_of(traits, {}, Yardstick()).facts, NOON)
    assert told.next == datetime(2026, 5, 9, tzinfo=UTC)
    consent(made, "ConsentWithdrawn")
    traits = ProjectionSpec(TRAITS).given(*made.events()).then("ada")
    assert not evaluate(rule, known_of(traits, {}, Yardstick()).facts, NOON).member


def test_what_no_rule_can_reach_is_one_sum_in_every_order() -> None:
    """Days beyond the longest window before the latest one are kept together."""
    made = Company(seed=1)
    for number, days in enumerate((0, 1, LONGEST_WINDOW, LONGEST_WINDOW + 1)):
        at = BEGIN + timedelta(days=days)
        made.write("support", "TicketOpened", f"ticket-{number}", "ada", at=at, ticket_id=str(number))
    counter = ProjectionSpec(TRAITS).given(*made.events()).then("ada")["days"]["tickets"]
    assert counter[BEFORE] == 2
    assert len(counter) == 3


def test_the_erased_belong_to_nothing_and_tell_nothing() -> None:
    """Profile and preferences are gone for good, counts stay."""
    made = Company(seed=1)
    made.contact("ada")
    made.write("contacts", "ContactErased", "contact-ada", "ada", contact_id="ada")
    traits = ProjectionSpec(TRAITS).given(*made.events()).then("ada")
    assert "profile" not in traits
    assert known_of(traits, {}, Yardstick()).erased


def test_a_customer_walks_through_the_stages() -> None:
    """Anonymous, identified, bought, a year without an order, bought again."""
    steps = stages(TODAY - 900, {TODAY - 800: 1, TODAY - 20: 1}, FIRST)
    told = [steps.value(day) for day in (TODAY - 901, TODAY - 900, TODAY - 800, TODAY - 800 + 365, TODAY)]
    assert told == ["anonymous", "prospect", "customer", "lapsed", "customer"]
    assert steps.value(TODAY - 20 + 365) == "lapsed"
    assert stages(None, {}, FIRST).value(TODAY) == "anonymous"


def test_rates_follow_the_scale() -> None:
    """Scores by fifths of the buyers, the tier by net value; other currencies are not rated."""
    buyers = [Buying({TODAY - n * 10: n}, {"GBP": n * 100}) for n in range(1, 11)]
    wanted = calibration(buyers, TODAY, TIER_SHARES)
    assert (wanted.recency, wanted.frequency) == ((28, 46, 64, 82), (2, 4, 6, 8))
    assert wanted.worth == (Worth("GBP", (550, 820, 955), (280, 460, 640, 820)),)
    (scale,) = given(SCALE).when(wanted).events
    rated = scores(buyers[0], scale)
    assert [rated[name].value(TODAY) for name in ("recency_score", "frequency_score", "monetary_score")] == [
        5,
        1,
        1,
    ]
    assert rated["recency_score"].value(TODAY + 73) == 1
    assert [tier_of(b, scale) for b in (buyers[4], buyers[5], buyers[9])] == ["low", "middle", "top"]
    assert tier_of(Buying({TODAY: 1}, {"EUR": 10}), scale) is None
    assert tier_of(Buying({}, {}), scale) is None


def test_cut_points_stand_until_one_has_moved_by_a_tenth() -> None:
    """Tiers do not flicker with every order of somebody else."""
    fifths, monetary = (1, 2, 3, 4), (50, 100, 150, 200)

    def by(buyers: int, middle: int) -> Calibrate:
        worth = Worth("GBP", (middle, 200, 300), monetary)
        return Calibrate("value", buyers, fifths, fifths, (worth,))

    first = by(10, 100)
    scale = ValueScaleCalibrated("value", 1, 10, fifths, fifths, first.worth, formula=FORMULA)
    given(SCALE).when(first).then(scale)
    given(SCALE, scale).when(by(11, 110)).then_nothing()
    far = by(11, 111)
    moved = ValueScaleCalibrated("value", 2, 11, fifths, fifths, far.worth, formula=FORMULA)
    given(SCALE, scale).when(far).then(moved)
    given(SCALE).when(Calibrate("value", 4, (), (), ())).then_nothing()


def test_churn_risk_goes_by_the_own_rhythm() -> None:
    """Three gaps of silence raise it, under two ease it; it is told on which day silence will."""
    orders = {TODAY - 60: 1, TODAY - 40: 1, TODAY - 20: 1}
    risk, turn = churn(orders, TODAY, Yardstick())
    assert (risk.score, risk.raised, turn) == ("0.25", False, TODAY + 40)
    raised, none = churn(orders, TODAY + 40, Yardstick())
    assert (raised.score, raised.raised, none) == ("0.75", True, None)
    assert raised.reasons == ("last order 60 days ago", "usually one every 20 days")
    between, again = churn(orders, TODAY + 20, Yardstick())
    assert (between.stands(True), between.stands(False), again) == (True, False, TODAY + 40)
    assert not risk.stands(True)
    few, never = churn({TODAY: 1, TODAY - 9: 2}, TODAY, Yardstick())
    assert (few.score, few.raised, never) == ("0", False, None)
