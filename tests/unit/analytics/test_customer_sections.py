"""What each section of the customer view says, by the invariants of the events it is made of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.analytics.views.customer import CUSTOMER, RECORDS, SECTIONS
from services.analytics.views.customer.dates import dates, next_time
from services.analytics.views.customer.satisfaction import trend
from services.analytics.views.customer.view import SELDOM
from shared.testing.projection import ProjectionSpec
from tests.company import BEGIN, Company

DAY = timedelta(days=1)
ADA = "c-ada"
FIVE_POUNDS = {"amount": 500, "currency": "GBP"}


def section(name, *events):
    """Return a section of Ada's view after these events, as an answer shows it half a year later."""
    half = RECORDS if SECTIONS[name] in SELDOM else CUSTOMER
    view = ProjectionSpec(half).given(*events).then(ADA)
    show = SECTIONS[name].show
    return show(view[name], BEGIN + 180 * DAY) if show else view[name]


def consent(company, type_, day, channel="email", **data):
    """Write a statement on the purpose news."""
    company.write("contacts", type_, f"contact-{day}-{type_}", ADA, at=BEGIN + day * DAY, purpose="news",
                  said={"channel": channel}, **data)  # fmt: skip


def test_c5_a_late_older_grant_never_overrides_a_newer_withdrawal():
    """C-5: the statement with the latest moment counts, whenever it arrives."""
    company = Company()
    consent(company, "ConsentWithdrawn", 5, via="link")
    consent(company, "ConsentGranted", 2, text_version="v1", evidence="form", legal_basis="consent")
    said = section("consents", *company.events())["news/email"]
    assert (said["granted"], said["allowed"]) == (False, False)


def test_c5_a_withdrawal_for_all_covers_every_channel():
    """C-5: who takes back everything allows nothing, until it is granted again."""
    company = Company()
    consent(company, "ConsentGranted", 1)
    consent(company, "ConsentGranted", 9, channel="sms")
    consent(company, "ConsentWithdrawn", 5, channel="all", via="link")
    said = section("consents", *company.events())
    assert (said["news/email"]["allowed"], said["news/sms"]["allowed"]) == (False, True)


def test_c6_an_expired_consent_allows_nothing():
    """C-6: the statement stays, the permission ends."""
    company = Company()
    consent(company, "ConsentGranted", 1, expires_at="2026-02-01T00:00:00Z")
    said = section("consents", *company.events())["news/email"]
    assert (said["granted"], said["allowed"]) == (True, False)


def test_a_person_moves_from_one_employer_to_another():
    """Both roles stay readable with their days."""
    company = Company()
    for name, type_, said in (
        ("acme", "ContactLinked", {"valid_from": "2026-01-01"}),
        ("acme", "ContactUnlinked", {"valid_to": "2026-03-31"}),
        ("bolt", "ContactLinked", {"valid_from": "2026-04-01"}),
    ):
        company.write("contacts", type_, f"organization-{name}", ADA, organization_id=name, contact_id=ADA,
                      role="buyer", **said)  # fmt: skip
    found = section("organizations", *company.events())
    assert found[f"acme/buyer/{ADA}"]["periods"] == [{"from": "2026-01-01", "to": "2026-03-31"}]
    assert found[f"bolt/buyer/{ADA}"]["periods"] == [{"from": "2026-04-01"}]


def order(company, number, day=0, lines=(), **said):
    """Write an order of five pounds."""
    company.write("sales", "OrderPlaced", f"order-{number}", ADA, at=BEGIN + day * DAY, order_id=number,
                  order_no=number, lines=list(lines), total=FIVE_POUNDS, **said)  # fmt: skip


def test_orders_show_their_lines_with_how_they_were_configured():
    """Row 24, 89: lines and totals in minor units, and the options as they were ordered."""
    company = Company()
    line = {
        "sku": "cup",
        "quantity": 2,
        "unit_price": "2.50",
        "amount": 500,
        "configuration": {"colour": "red"},
    }
    order(company, "1", lines=[line])
    found = section("recent_orders", *company.events())
    assert found["orders"]["1"]["lines"] == [line]
    assert found["orders"]["1"]["total"] == FIVE_POUNDS


def test_only_the_latest_orders_are_kept_and_what_they_lack_is_said():
    """The view stays small: ten orders, twenty lines of each."""
    company = Company()
    lines = [{"sku": f"s{n}", "quantity": 1, "unit_price": "1", "amount": 100} for n in range(23)]
    for number in range(12):
        order(company, str(number), day=number, lines=lines)
    company.write("sales", "OrderShipped", "order-0", ADA, order_id="0")
    kept = section("recent_orders", *company.events())["orders"]
    assert sorted(kept, key=int) == [str(n) for n in range(2, 12)]
    assert (len(kept["11"]["lines"]), kept["11"]["lines_left_out"]) == (20, 3)


def test_cadence_is_the_mean_gap_between_orders():
    """Three orders over ten days are five days apart; one order has no cadence."""
    company = Company()
    order(company, "1")
    assert section("orders", *company.events())["cadence_days"] is None
    order(company, "2", day=3)
    order(company, "3", day=10)
    assert section("orders", *company.events())["cadence_days"] == 5.0


def test_promises_are_judged_by_the_day_promised_last():
    """Row 95: two days early and one day late make one kept, one broken, and a margin of a day."""
    company = Company()
    for number, promised, delivered in (
        ("1", "2026-01-10", 8),
        ("2", "2026-01-10", 11),
        ("3", "2026-01-10", None),
    ):
        said = {"order_id": number}
        company.write("sales", "DeliveryPromised", f"order-{number}", ADA, promised_on="2026-01-05", **said)
        company.write("sales", "DeliveryPromised", f"order-{number}", ADA, promised_on=promised, **said)
        if delivered:
            at = datetime(2026, 1, delivered, 15, tzinfo=UTC)
            company.write("sales", "OrderDelivered", f"order-{number}", ADA, at=at, **said)
    found = section("promises", *company.events())
    assert (found["kept"], found["broken"], found["margin_days"]) == (1, 1, 1)
    assert found["open"] == {"3": {"promised_on": "2026-01-10"}}


def ticket(company, type_, **said):
    """Write to ticket 1."""
    company.write("support", type_, "ticket-1", ADA, at=BEGIN, ticket_id="1", **said)


def test_a_closed_ticket_shows_its_service_level_outcome():
    """Row 27, T-4: a breach stays although the clock stopped later."""
    company = Company()
    ticket(company, "TicketOpened", priority="high")
    ticket(company, "SlaClockStarted", kind="first_response", cycle=1, due_at="2026-01-02T00:00:00Z")
    ticket(company, "SlaClockStarted", kind="resolution", cycle=1, due_at="2026-01-03T00:00:00Z")
    waiting = section("tickets", *company.events())["open"]["1"]["clocks"]
    assert waiting["resolution.1"] == {"state": "running", "due_at": "2026-01-03T00:00:00Z"}
    ticket(company, "SlaTargetBreached", kind="first_response", cycle=1, due_at="2026-01-02T00:00:00Z")
    ticket(company, "SlaTargetMet", kind="resolution", cycle=1)
    ticket(company, "SlaClockCancelled", kind="first_response", cycle=1)
    ticket(company, "TicketClosed")
    found = section("tickets", *company.events())
    assert (found["open"], found["sla"]) == ({}, {"met": 1, "breached": 1})
    assert (found["past"]["1"]["met"], found["past"]["1"]["breached"]) == (1, 1)


def test_t7_a_merged_ticket_leaves_no_outcome():
    """T-7: what goes on in another ticket is in no service-level statistic."""
    company = Company()
    ticket(company, "TicketOpened", priority="high")
    ticket(company, "SlaClockStarted", kind="resolution", cycle=1, due_at="2026-01-03T00:00:00Z")
    ticket(company, "SlaTargetMet", kind="resolution", cycle=1)
    company.write("support", "TicketsMerged", "ticket-1", ADA, survivor_id="2", absorbed_id="1")
    found = section("tickets", *company.events())
    assert (found["open"], found.get("sla"), found["merged"]) == ({}, None, 1)


def answer(company, number, score, **said):
    """Write an answer to a survey on satisfaction."""
    company.write("support", "SurveyResponded", f"survey-{number}", ADA, at=BEGIN + number * DAY,
                  survey_id=str(number), kind="csat", score=score, low=score <= 2, **said)  # fmt: skip


def test_a_run_of_low_scores_lowers_the_trend():
    """Row 16: three good answers, then three bad ones: from 1.0 down to 0.25."""
    company = Company()
    for number, score in enumerate((5, 5, 5, 2, 2, 2)):
        answer(company, number, score)
    assert section("satisfaction", *company.events())["trend"] == -0.75
    assert trend([]) is None


def test_t9_a_corrected_answer_counts_once():
    """T-9: the second answer replaces the score, and nobody is counted twice."""
    company = Company()
    answer(company, 1, 1)
    answer(company, 1, 5, correction=True)
    found = section("satisfaction", *company.events())
    assert (found["answered"], found["answers"]["1"]["score"]) == (1, 5)


def test_m5_reclassified_clicks_change_sides():
    """M-5: a machine's click turns out to be a person's; the event stays, the mark changes."""
    company, key = Company(), {"message_id": "1", "campaign_id": "spring"}
    for type_, said in (
        ("MessageQueued", {"step": "one", "variant": "a", "said": {"channel": "email"}}),
        ("MessageSent", {}),
        ("LinkClicked", {"engagement_id": "k", "automated": True}),
        ("EngagementReclassified", {"engagement_ids": ["k"], "automated": False}),
    ):
        company.write("campaigns", type_, "message-1", ADA, **key, **said)
    found = section("messages", *company.events())
    assert found["items"]["1"]["clicks"] == {"k": False}
    assert found["by_campaign"] == {"spring": {"sent": 1}}


def test_interactions_of_any_kind_are_counted_by_kind():
    """Row 91: a bid and a course show like a call."""
    company = Company()
    for number, kind in enumerate(("bid", "course_progress", "bid")):
        company.write("contacts", "InteractionRecorded", f"interaction-{number}", ADA,
                      interaction_id=str(number), kind=kind, direction="in")  # fmt: skip
    found = section("interactions", *company.events())
    assert (found["bid"]["count"], found["course_progress"]["count"]) == (2, 1)


def test_c10_the_earliest_referral_counts():
    """C-10: whoever brought the customer first, whichever report came first."""
    company = Company()
    for referrer, day in (("bob", "2026-02-01"), ("eve", "2026-01-01")):
        company.write("contacts", "ReferralRecorded", f"contact-{referrer}", ADA, contact_id=ADA,
                      referrer_id=referrer, referred_at=f"{day}T00:00:00Z")  # fmt: skip
    assert section("referral", *company.events())["referrer_id"] == "eve"


def test_the_dates_that_come_next():
    """Row 96: birthday, anniversary, the end of an agreement and an open promise, the nearest first."""
    view = {
        "orders": {"first_at": datetime(2024, 5, 3, tzinfo=UTC)},
        "agreements": {"items": {"a": {"status": "active", "ends_on": "2026-05-31"}}},
        "promises": {"open": {"7": {"promised_on": "2026-05-02"}}},
    }
    found = dates(view, "1985-05-01", date(2026, 5, 2))
    assert [(d["kind"], d["in_days"]) for d in found] == [
        ("delivery_promised", 0), ("first_order_anniversary", 1), ("agreement_ends", 29), ("birthday", 364),
    ]  # fmt: skip


@pytest.mark.parametrize(("year", "expected"), [(2027, date(2027, 2, 28)), (2028, date(2028, 2, 29))])
def test_a_leap_day_returns_every_year(year, expected):
    """Who was born on 29 February has a birthday in every year."""
    assert next_time(date(2000, 2, 29), date(year, 1, 1)) == expected


def standing(company, type_, ref, day, **data):
    """Write what analytics says of one ref of Ada's."""
    company.write("analytics", type_, f"standing-{ref}", ADA, at=BEGIN + day * DAY, customer=ref, **data)


def test_stage_and_tier_name_the_models_that_gave_them():
    """Each its own, the latest; what was recorded before models had versions names none."""
    company = Company()
    standing(company, "LifecycleStageChanged", ADA, 1, to_stage="prospect")
    said = section("standing", *company.events())
    assert (said["stage"], said["model_versions"]) == ("prospect", {})
    standing(company, "LifecycleStageChanged", ADA, 2, to_stage="customer", model_version="stage-2")
    standing(company, "CustomerValueTierChanged", ADA, 3, to_tier="high", model_version="value-4")
    standing(company, "ChurnRiskRaised", ADA, 4, score="0.8", reasons=["silent"], model_version="gap-2")
    said = section("standing", *company.events())
    assert (said["stage"], said["tier"]) == ("customer", "high")
    assert said["model_versions"] == {"stage": "stage-2", "tier": "value-4"}
    assert said["churn_risk"]["model_version"] == "gap-2"


def test_what_a_merge_took_over_names_the_model_that_said_it_of_the_other():
    """Until the two part again, and each has its own."""
    company = Company()
    standing(company, "LifecycleStageChanged", ADA, 1, to_stage="prospect", model_version="stage-1")
    standing(company, "LifecycleStageChanged", "c-eve", 2, to_stage="customer", model_version="stage-2")
    standing(company, "StandingJoined", ADA, 3, absorbed="c-eve", segments=[], stage="customer")
    standing(company, "StandingAbsorbed", "c-eve", 3, survivor=ADA)
    said = section("standing", *company.events())
    assert (said["stage"], said["model_versions"]) == ("customer", {"stage": "stage-2"})
    standing(company, "StandingParted", ADA, 4, absorbed="c-eve")
    standing(company, "LifecycleStageChanged", ADA, 5, to_stage="lapsed", model_version="stage-3")
    said = section("standing", *[e for e in company.events() if e.data["customer"] == ADA])
    assert (said["stage"], said["model_versions"]) == ("lapsed", {"stage": "stage-3"})
