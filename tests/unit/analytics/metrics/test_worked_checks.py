"""The worked checks of the catalogue of metrics, by name."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from services.analytics.domain.quantiles import cuts
from services.analytics.metrics import metric_of
from services.analytics.metrics.body import body_of
from services.analytics.metrics.engine import measured as measured_by
from services.analytics.metrics.lives import lapse_of
from services.analytics.metrics.metric import Figure, Person, Row
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.metrics.rfm import Rfm, scored
from services.analytics.metrics.working import working
from services.analytics.metrics.worth import multiple
from shared.errors import Invalid
from shared.events import Event
from shared.project.entry import Until
from tests.company import BEGIN, Company
from tests.unit.analytics.metrics.folded import Folded, ask

DAY = timedelta(days=1)
YEAR = Window(BEGIN, BEGIN + 365 * DAY)
QUARTER = Window(BEGIN, BEGIN + 90 * DAY)


def ordered(root: str, *days: date) -> Person:
    """Return a customer with an order on each of these days."""
    rows = (Row(day.isoformat(), {"currency": "GBP"}, {"orders": 1, "gross": 100}, root) for day in days)
    return Person(root, tuple(rows))


def measured(metric: str, items: Any, window: Window = YEAR, **parameters: Any) -> Figure:
    """Return what a metric measures in items."""
    return metric_of(metric).measure(items, Question(window, parameters=parameters))


def money(amount: int, currency: str = "USD") -> dict[str, Any]:
    """Return an amount of whole units."""
    return {"amount": amount * 100, "currency": currency}


class Deals:
    """Writes deals into a company's log."""

    def __init__(self) -> None:
        self.company = Company()

    def open(self, number: str, at: datetime, amount: int = 100, **more: Any) -> None:
        """Open a deal."""
        known = {"stage": "a", "probability": 10, "owner": "ann", "pipeline_id": "p", "amount": money(amount)}
        self.write("OpportunityOpened", number, at, **known | more)

    def won(self, number: str, at: datetime, amount: int = 100, owner: str = "ann") -> None:
        """Win it."""
        self.write("OpportunityWon", number, at, amount=money(amount), owner=owner)

    def lost(self, number: str, at: datetime, **why: str) -> None:
        """Lose it."""
        self.write("OpportunityLost", number, at, **{"reason_code": "price", "owner": "ann", **why})

    def write(self, type_: str, number: str, at: datetime, **data: Any) -> None:
        """Write an event of a deal."""
        stream, customer = f"opportunity-{number}", f"c-{number}"
        self.company.write("sales", type_, stream, customer, at=at, opportunity_id=number, **data)

    def ask(self, metric: str, window: Window = YEAR, **more: Any) -> Any:
        """Return a metric's answer."""
        return body_of(ask(self.company.events(), metric, Question(window, **more)))

    def points(self, metric: str, by: str, **more: Any) -> dict[str, Any]:
        """Return a metric's values by a period or a dimension."""
        return {point["label"]: point["value"] for point in self.ask(metric, by=by, **more)["points"]}


def written(*facts: tuple[str, str, datetime, dict[str, Any]]) -> list[Event]:
    """Return the events of sales: (type, stream, moment, data)."""
    company = Company()
    for type_, stream, at, data in facts:
        company.write("sales", type_, stream, stream, at=at, **data)
    return company.events()


def test_retention_s_1000_e_1050_n_150_is_90_percent_and_churn_10():
    """(1050 - 150) / 1000; the 150 gained in the period do not count."""
    before, during = BEGIN.date() - 10 * DAY, BEGIN.date() + 360 * DAY
    kept = [ordered(f"kept-{n}", before, during) for n in range(900)]
    lost = [ordered(f"lost-{n}", before) for n in range(100)]
    gained = [ordered(f"new-{n}", during) for n in range(150)]
    found = measured("retention", kept + lost + gained, lapse_days=30)
    assert (found.value, found.numerator, found.denominator) == (Fraction(9, 10), 900, 1_000)
    assert (found.detail["start"], found.detail["end"], found.detail["gained"]) == (1_000, 1_050, 150)
    assert measured("churn", kept + lost + gained, lapse_days=30).value == Fraction(1, 10)


def test_churn_without_contract_shows_the_days_it_was_judged_by():
    """L is twice the median gap between two orders unless given, and every answer says it."""
    people = [
        ordered("a", date(2025, 12, 1), date(2025, 12, 11), date(2025, 12, 31)),
        ordered("b", date(2025, 12, 2)),
    ]
    assert lapse_of(people) == 30
    company = Company()
    for person in people:
        for row in person.rows:
            at = datetime.fromisoformat(f"{row.day}T12:00:00+00:00")
            company.write("sales", "OrderPlaced", f"order-{person.root}-{row.day}", person.root, at=at,
                          order_id="x", order_no="x", lines=[], total=money(1))  # fmt: skip
    answer = body_of(ask(company.events(), "churn", Question(Window(BEGIN, BEGIN + 25 * DAY))))
    assert answer["parameters"]["lapse_days"] == 30
    assert (answer["numerator"], answer["denominator"]) == (1, 2)


def test_clv_multiple_of_r_80_and_d_10_percent_is_2_667_and_of_100_is_266_67():
    """m r / (1 + d - r)."""
    assert round(float(multiple(Fraction(4, 5), Fraction(1, 10))), 3) == 2.667
    assert round(float(100 * multiple(Fraction(4, 5), Fraction(1, 10))), 2) == 266.67


def test_equity_is_the_sum_of_the_lifetime_values_of_live_customers():
    """4 of 5 stay and each brings 1.00: 5 live with the new one, at a multiple of 2.667."""
    before, during = BEGIN.date() - 10 * DAY, BEGIN.date() + 360 * DAY
    people = [ordered(f"kept-{n}", before, during) for n in range(4)]
    people += [ordered("lost", before), ordered("new", during)]
    each = measured("lifetime_value", people, lapse_days=30)
    whole = measured("customer_equity", people, lapse_days=30)
    assert each.value == 100 * Fraction(8, 3)
    assert whole.value == each.value * 5
    assert measured("customer_equity", people, lapse_days=30, margin=0.5).value * 2 == whole.value


def test_a_lifetime_without_end_and_discount_is_not_available():
    """r = 1 and d = 0 have no sum."""
    before, during = BEGIN.date() - 10 * DAY, BEGIN.date() + 360 * DAY
    people = [ordered("kept", before, during)]
    found = measured("lifetime_value", people, lapse_days=30, discount=0.0)
    assert (found.value, bool(found.reason)) == (None, True)


def test_rfm_of_ten_customers_ranked_by_hand():
    """Quintiles by two, R inverted, equal values share a score."""
    people = [Rfm(f"c{n}", recency=n * 10, frequency=11 - n, monetary=n * 100) for n in range(1, 11)]
    scores = scored(people)
    assert [scores[f"c{n}"][0] for n in range(1, 11)] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [scores[f"c{n}"][1] for n in range(1, 11)] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [scores[f"c{n}"][2] for n in range(1, 11)] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    same = scored([Rfm(f"c{n}", 5, 1, 7) for n in range(10)])
    assert set(same.values()) == {(5, 1, 1)}
    assert cuts([1, 2, 3, 4, 5, 6]) == (2, 3, 4, 5)


def test_rfm_deducts_refunds_unless_the_basis_is_gross():
    """M is net revenue in the window; R counts whole days; F orders of the window."""
    events = written(
        ("OrderPlaced", "order-1", BEGIN, {"order_id": "1", "lines": [], "total": money(90)}),
        ("OrderReturned", "order-1", BEGIN + DAY, {"order_id": "1", "lines": [], "value": money(40)}),
    )
    window = Window(BEGIN, BEGIN + 10 * DAY)
    assert ask(events, "monetary", Question(window)).figure.value == 50_00
    assert ask(events, "monetary", Question(window, parameters={"basis": "gross"})).figure.value == 90_00
    assert ask(events, "recency", Question(window)).figure.value == 10
    assert ask(events, "frequency", Question(window)).figure.value == 1


def test_repeat_rate_and_tenure():
    """Customers with two orders / with one; from the first order ever to the end."""
    first, second = BEGIN.date() - 100 * DAY, BEGIN.date() + 10 * DAY
    people = [ordered("a", first, second), ordered("b", second, second + DAY), ordered("c", first)]
    assert measured("repeat_rate", people).value == Fraction(1, 2)
    assert measured("tenure", people).value == (465 + 355) / Fraction(2)
    assert measured("new_customers", people).value == 1
    assert measured("customers", people).value == 2


def test_weighted_forecast_10k_20_40k_50_25k_80_is_42k():
    """The probability in force at as_of counts, not the one set later."""
    deals, due = Deals(), BEGIN + 60 * DAY
    for number, amount, chance in (("1", 10_000, 20), ("2", 40_000, 50), ("3", 25_000, 80)):
        deals.open(number, BEGIN, amount, probability=chance, expected_close_on=f"{due:%Y-%m-%d}")
    deals.write(
        "ProbabilityOverridden", "1", BEGIN + 20 * DAY, probability_from=20, probability_to=90, reason="x"
    )
    at = Until(BEGIN + 10 * DAY)
    assert deals.ask("weighted_forecast", QUARTER, until=at)["value"] == 42_000_00
    assert deals.ask("weighted_forecast", QUARTER)["value"] == 49_000_00
    by_month = deals.ask("weighted_forecast", QUARTER, until=at, by="month")["points"]
    assert [point["value"] for point in by_month] == [0, 0, 42_000_00]


def test_weighted_forecast_counts_what_was_won_and_follows_amounts_and_dates():
    """A deal won counts whole, one moved out of the window or omitted not at all."""
    deals, due = Deals(), f"{BEGIN + 60 * DAY:%Y-%m-%d}"
    for number in "1234":
        deals.open(number, BEGIN, 1_000, probability=50, expected_close_on=due)
    deals.won("1", BEGIN + 5 * DAY, 900)
    deals.write("OpportunityAmountChanged", "2", BEGIN + 6 * DAY, to_amount=money(2_000))
    deals.write("ExpectedCloseChanged", "3", BEGIN + 7 * DAY, to_date="2027-01-01")
    deals.write("ForecastCategoryChanged", "4", BEGIN + 8 * DAY, category="omitted")
    assert deals.ask("weighted_forecast", QUARTER)["value"] == (900 + 1_000) * 100
    assert deals.ask("weighted_forecast", QUARTER, scope=scope_of("owner:bob"))["value"] == 0


def test_forecast_accuracy_is_judged_by_what_was_known_when_the_window_began():
    """F 80, A 100: accuracy 80 %, bias -20 %; a deal that came later changes A alone."""
    deals, start = Deals(), BEGIN + 30 * DAY
    deals.open("1", BEGIN, 160, probability=50, expected_close_on="2026-02-20")
    deals.won("1", start + 5 * DAY, 60)
    deals.open("2", start + DAY, 40)
    deals.won("2", start + 9 * DAY, 40)
    window = Window(start, start + 30 * DAY)
    assert deals.ask("forecast_accuracy", window)["value"] == 0.8
    assert deals.ask("forecast_bias", window)["value"] == -0.2


def test_win_rate_6_won_4_lost_is_60_percent_until_one_is_reopened():
    """Reopening clears the close (S-6); as of before, it still counts."""
    deals = Deals()
    for number in range(10):
        deals.open(str(number), BEGIN)
        closing = deals.won if number < 6 else deals.lost
        closing(str(number), BEGIN + 30 * DAY)
    deals.write("OpportunityReopened", "0", BEGIN + 40 * DAY, reason="x")
    before = deals.ask("win_rate", until=Until(BEGIN + 39 * DAY))
    assert (before["value"], before["numerator"], before["denominator"]) == (0.6, 6, 10)
    assert deals.ask("win_rate")["value"] == round(5 / 9, 6)
    assert deals.ask("win_rate_by_value", until=Until(BEGIN + 39 * DAY))["value"] == 0.6


def test_net_revenue_is_gross_less_returned_and_cancelled():
    """Each counts when it happened: 100 + 40 bought in January, 30 returned and 40 cancelled in February."""
    said: dict[str, Any] = {"order_id": "x", "lines": []}
    events = written(
        ("OrderPlaced", "order-1", BEGIN, {**said, "total": money(100)}),
        ("OrderPlaced", "order-2", BEGIN, {**said, "total": money(40)}),
        ("OrderReturned", "order-1", BEGIN + 40 * DAY, {**said, "value": money(30)}),
        ("OrderCancelled", "order-2", BEGIN + 41 * DAY, {"order_id": "x", "value": money(40)}),
    )
    by_month = Question(Window(BEGIN, BEGIN + 59 * DAY), by="month")
    found = {
        name: [(point.figure.value, point.figure.n) for point in ask(events, name, by_month).points]
        for name in ("gross_revenue", "returned_revenue", "cancelled_revenue", "net_revenue")
    }
    assert found == {
        "gross_revenue": [(140_00, 2), (0, 0)], "returned_revenue": [(0, 0), (30_00, 1)],
        "cancelled_revenue": [(0, 0), (40_00, 1)], "net_revenue": [(140_00, 2), (-70_00, 0)],
    }  # fmt: skip


def test_a_deal_counts_where_it_is_closed():
    """It is opened in one month and won in another, for whoever had it then."""
    deals = Deals()
    deals.open("1", BEGIN)
    deals.write("OpportunityOwnerChanged", "1", BEGIN + 20 * DAY, to_owner="bob")
    deals.won("1", BEGIN + 40 * DAY, owner="bob")

    quarter = Window(BEGIN, BEGIN + 90 * DAY)
    opened, won = (deals.ask(m, quarter, by="month")["points"] for m in ("deals_opened", "won_value"))
    assert [(p["label"], p["value"]) for p in opened] == [("2026-01", 1), ("2026-02", 0), ("2026-03", 0)]
    assert [(p["value"], p["n"]) for p in won] == [(0, 0), (100_00, 1), (0, 0)]
    assert deals.points("won_value", "owner") == {"bob": 100_00}


def test_s6_a_deal_that_was_reopened_and_won_again_counts_once():
    """In the month in which it was won for good."""
    deals = Deals()
    deals.open("7", BEGIN)
    deals.won("7", BEGIN + 8 * DAY)
    deals.write("OpportunityReopened", "7", BEGIN + 40 * DAY, reason="x")
    deals.won("7", BEGIN + 70 * DAY)

    months = deals.points("won_value", "month")
    assert {label: value for label, value in months.items() if value} == {"2026-03": 100_00}
    assert deals.ask("deals_won")["value"] == 1


def test_s6_what_is_reopened_is_taken_from_who_won_it():
    """Handed to another while won, it stays the winner's; reopened, it leaves the winner and nobody else."""
    deals = Deals()
    for number, owner in (("1", "ann"), ("2", "ann"), ("3", "bob")):
        deals.open(number, BEGIN, owner=owner)
        deals.won(number, BEGIN + 10 * DAY, owner=owner)
    deals.write("OpportunityOwnerChanged", "1", BEGIN + 20 * DAY, to_owner="bob")
    deals.write("OpportunityReopened", "1", BEGIN + 30 * DAY, reason="x", was="won", owner="bob")

    assert deals.points("won_value", "owner", until=Until(BEGIN + 29 * DAY)) == {"ann": 200_00, "bob": 100_00}
    for metric, each in (("won_value", 100_00), ("deals_won", 1)):
        assert deals.points(metric, "owner") == {"ann": each, "bob": each}


def test_row_63_wins_and_losses_are_told_by_competitor_and_reason():
    """The closing names the competitor, else who was noted last."""
    deals = Deals()
    for number, rival in enumerate(("acme", "acme", "bolt", "")):
        deals.open(str(number), BEGIN)
        if rival:
            deals.write("CompetitorNoted", str(number), BEGIN + DAY, competitor=rival)
    deals.won("0", BEGIN + 30 * DAY)
    deals.lost("1", BEGIN + 30 * DAY, reason_code="price")
    deals.lost("2", BEGIN + 30 * DAY, reason_code="price", competitor="acme")
    deals.lost("3", BEGIN + 30 * DAY, reason_code="late")

    assert deals.points("win_rate", "competitor") == {"": 0.0, "acme": round(1 / 3, 6)}
    assert deals.points("deals_lost", "reason") == {"": 0, "late": 1, "price": 2}


def test_sales_cycle_counts_reopened_time_once():
    """From opening to the winning that stands: 10 and 40 days, median and mean 25."""
    deals = Deals()
    deals.open("1", BEGIN)
    deals.won("1", BEGIN + 10 * DAY)
    deals.open("2", BEGIN)
    deals.won("2", BEGIN + 20 * DAY)
    deals.write("OpportunityReopened", "2", BEGIN + 30 * DAY, reason="x")
    deals.won("2", BEGIN + 40 * DAY)
    answer = deals.ask("sales_cycle")
    assert (answer["value"], answer["detail"]["mean"], answer["n"]) == (25, 25, 2)


def test_sales_velocity_50_of_10000_at_25_percent_in_30_days_is_4166_67_a_day():
    """Opportunities x mean won value x win rate / cycle days."""
    deals = Deals()
    for number in range(50):
        deals.open(str(number), BEGIN, 10_000)
    for number in range(20):
        closing = (lambda n, at: deals.won(n, at, 10_000)) if number < 5 else deals.lost
        closing(str(number), BEGIN + 30 * DAY)
    assert deals.ask("sales_velocity")["value"] == 4_166_67


def test_time_in_stage_adds_re_entries_and_sums_to_the_time_the_deal_was_open():
    """a 10 days, b 5, a again 3, won; reopened for 2: 13 + 5 + 2 = 20 days open."""
    deals, at = Deals(), BEGIN
    deals.open("1", at)
    for days, here, there, chances in ((10, "a", "b", (10, 40)), (15, "b", "a", (40, 10))):
        deals.write("OpportunityStageChanged", "1", at + days * DAY, from_stage=here, to_stage=there,
                    probability_from=chances[0], probability_to=chances[1])  # fmt: skip
    deals.won("1", at + 18 * DAY)
    deals.write("OpportunityReopened", "1", at + 30 * DAY, reason="x")
    deals.lost("1", at + 32 * DAY)
    points = {p["label"]: p["value"] for p in deals.ask("time_in_stage", by="stage")["points"]}
    assert points == {"a": 15, "b": 5}
    went_on = {p["label"]: p["value"] for p in deals.ask("stage_conversion", by="stage")["points"]}
    assert went_on == {"a": 1, "b": 0}


def test_lead_conversion_is_of_the_cohort_and_response_time_from_the_hand_over():
    """Two captured, one converted; a duplicate is no lead; the first attempt after 90 minutes."""
    told = f"{BEGIN + DAY:%Y-%m-%dT%H:%M:%SZ}"
    events = written(
        *(("LeadCaptured", f"lead-{n}", BEGIN, {"source": "web", "channel": "web"}) for n in "123"),
        ("LeadMarkedDuplicate", "lead-3", BEGIN, {"lead_id": "3", "duplicate_of": "1"}),
        ("LeadAssigned", "lead-1", BEGIN + DAY, {"lead_id": "1", "owner": "ann", "handed_over_at": told}),
        ("LeadContactAttempted", "lead-1", BEGIN + DAY + timedelta(minutes=90), {"outcome": "x"}),
        ("LeadConverted", "lead-1", BEGIN + 40 * DAY, {"lead_id": "1", "opportunity_id": "o"}),
        ("LeadAssigned", "lead-2", BEGIN + DAY, {"lead_id": "2", "owner": "bob", "handed_over_at": told}),
    )  # fmt: skip
    answer = body_of(ask(events, "lead_conversion", Question(QUARTER, by="owner")))
    assert (answer["value"], answer["denominator"]) == (0.5, 2)
    assert {p["label"]: p["value"] for p in answer["points"]} == {"ann": 1, "bob": 0}
    wall = metric_of("lead_response_time", 1)
    response = body_of(measured_by(wall, Question(QUARTER), Reader(Folded(events))))
    assert (response["value"], response["n"], response["detail"]["waiting"]) == (1.5, 1, 1)


def test_c7_lead_response_time_from_friday_half_past_four_to_monday_ten_past_nine_is_forty_minutes():
    """Working time as asked for in its zone, wall time beside it; who nobody tried to reach waits."""
    friday, monday = datetime(2026, 5, 8, 15, 30, tzinfo=UTC), datetime(2026, 5, 11, 8, 10, tzinfo=UTC)
    told = {"owner": "ann", "handed_over_at": friday.isoformat()}
    events = written(
        *(("LeadAssigned", f"lead-{n}", friday, {"lead_id": n, **told}) for n in "12"),
        ("LeadContactAttempted", "lead-1", monday, {"outcome": "x"}),
    )
    may = Window(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
    london = {"zone": "Europe/London"}
    for asked, minutes in ((london, 40), ({"hours": "fri-sat 09:00-17:00,mon 09:00-09:05", **london}, 515)):
        found = ask(events, "lead_response_time", Question(may, parameters=asked)).figure
        assert (found.value, found.n, found.detail["waiting"]) == (Fraction(minutes, 60), 1, 1)
        assert found.detail["wall_median"] == Fraction(64 * 60 + 40, 60)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [({"hours": "9-5"}, "hours"), ({"hours": "mon 17:00-09:00"}, "hours"), ({"zone": "Mars"}, "zone")],
)
def test_working_hours_that_say_nothing_are_refused(parameters, named):
    """The parameter is named with the reason."""
    with pytest.raises(Invalid, match=named):
        working(Question(YEAR, parameters=parameters))


def test_quote_acceptance_counts_what_was_decided_and_stands():
    """Accepted 1, rejected 1; the expired one was extended and is open again."""
    drafted = {"opportunity_id": "o", "revision": 1, "total": money(10)}
    events = written(
        *(("QuoteDrafted", f"quote-{n}", BEGIN, {"quote_id": n, **drafted}) for n in "123"),
        *(("QuoteSent", f"quote-{n}", BEGIN + timedelta(hours=5), {"revision": 1}) for n in "123"),
        ("QuoteAccepted", "quote-1", BEGIN + DAY, {"quote_id": "1", "revision": 1, "total": money(10)}),
        ("QuoteRejected", "quote-2", BEGIN + DAY, {"quote_id": "2", "reason_code": "price"}),
        ("QuoteExpired", "quote-3", BEGIN + 9 * DAY, {"quote_id": "3", "revision": 1}),
        ("QuoteValidityExtended", "quote-3", BEGIN + 10 * DAY, {"quote_id": "3", "to_date": "2026-03-01"}),
    )  # fmt: skip
    assert body_of(ask(events, "quote_acceptance", Question(QUARTER)))["value"] == 0.5
    then = Question(QUARTER, Until(BEGIN + 9 * DAY))
    assert body_of(ask(events, "quote_acceptance", then))["denominator"] == 3
    assert body_of(ask(events, "quotes_accepted_value", Question(QUARTER)))["value"] == 10_00
    assert body_of(ask(events, "quote_turnaround", Question(QUARTER)))["value"] == 5


def test_promises_are_kept_until_the_end_of_the_promised_day():
    """Promised the 5th: delivered on the 5th is kept with margin 0, on the 7th late by 2."""
    events = written(
        *(("OrderPlaced", f"order-{n}", BEGIN, {"lines": [], "total": money(9)}) for n in "123"),
        *(("DeliveryPromised", f"order-{n}", BEGIN, {"promised_on": "2026-01-05"}) for n in "12"),
        *(("OrderDelivered", f"order-{n}", BEGIN + days * DAY + timedelta(hours=23), {"order_id": n})
          for n, days in (("1", 4), ("2", 6), ("3", 6))),
    )  # fmt: skip
    kept = body_of(ask(events, "promises_on_time", Question(QUARTER)))
    assert (kept["value"], kept["denominator"], kept["detail"]["without_promise"]) == (0.5, 2, 1)
    assert body_of(ask(events, "promise_margin", Question(QUARTER)))["value"] == -1


def test_contractual_churn_counts_people_and_revenue_churn_what_recurs():
    """Of 12 + 36 a year 12 ended and 36 shrank to 24: half; of two customers one left."""
    company = Company()
    for number, amount in (("1", 1), ("2", 3)):
        company.write("sales", "AgreementStarted", f"agreement-{number}", f"c-{number}", at=BEGIN - 90 * DAY,
                      agreement_id=number, recurring_amount=money(amount), period="month")  # fmt: skip
    company.write("sales", "AgreementEnded", "agreement-1", "c-1", at=BEGIN + 9 * DAY, agreement_id="1",
                  reason_code="x", voluntary=True, recurring_amount=money(1))  # fmt: skip
    company.write("sales", "AgreementAmountChanged", "agreement-2", "c-2", at=BEGIN + 9 * DAY,
                  agreement_id="2", from_amount=money(3), to_amount=money(2))  # fmt: skip
    company.write("sales", "AgreementStarted", "agreement-3", "c-3", at=BEGIN + DAY, agreement_id="3",
                  recurring_amount=money(50), period="year")  # fmt: skip
    assert ask(company.events(), "contractual_churn", Question(QUARTER)).figure.value == Fraction(1, 2)
    assert ask(company.events(), "revenue_churn", Question(QUARTER)).figure.value == Fraction(1, 2)
    before = Question(QUARTER, Until(BEGIN + 8 * DAY))
    assert ask(company.events(), "contractual_churn", before).figure.value == 0


def test_cross_sell_and_up_sell_by_hand():
    """One of two buys of two categories; 3 units at 7 instead of 5 are 6 more."""

    def order(number: str, customer: str, day: int, *lines: tuple[str, int, int]) -> None:
        kept = [
            {"sku": "s", "category": c, "quantity": q, "unit_price": "1", "amount": a * 100}
            for c, q, a in lines
        ]
        company.write("sales", "OrderPlaced", f"order-{number}", customer, at=BEGIN + day * DAY,
                      order_id=number, lines=kept, total=money(sum(a for _, _, a in lines)))  # fmt: skip

    company = Company()
    order("1", "a", 1, ("tea", 2, 10), ("cups", 1, 8))
    order("2", "a", 5, ("tea", 3, 21))
    order("3", "b", 6, ("tea", 1, 5))
    assert ask(company.events(), "cross_sell", Question(QUARTER)).figure.value == Fraction(1, 2)
    assert ask(company.events(), "up_sell", Question(QUARTER)).figure.value == 6_00
    points = ask(company.events(), "gross_revenue", Question(QUARTER, by="category")).points
    assert {p.label: p.figure.value for p in points} == {"tea": 36_00, "cups": 8_00}


def test_referral_rate_240_of_4000_is_6_percent_with_the_base_named():
    """Per cent: 6 of 100 at the start; another base is another value, always labelled."""
    company = Company()
    for number in range(112):
        day = -9 if number < 100 else 9
        company.write("sales", "OrderPlaced", f"order-{number}", f"c-{number}", at=BEGIN + day * DAY,
                      order_id=str(number), lines=[], total=money(1))  # fmt: skip
    for number in (3, *range(100, 106)):
        company.write("contacts", "ReferralRecorded", f"contact-{number}", f"c-{number}", at=BEGIN,
                      contact_id=f"c-{number}", referrer_id="c-1")  # fmt: skip
    answer = body_of(ask(company.events(), "referral_rate", Question(QUARTER)))
    assert (answer["value"], answer["parameters"]["base"]) == (0.06, "start")
    other = Question(QUARTER, parameters={"base": "new"})
    assert body_of(ask(company.events(), "referral_rate", other))["value"] == 0.5


def test_acquisition_cost_and_cost_per_lead_leave_reversed_costs_out():
    """90 for 3 new customers and 2 leads; what was reversed and what was incurred before is out."""
    company = Company()
    for number, amount, day in (("1", 90, "2026-01-03"), ("2", 50, "2026-01-04"), ("3", 70, "2025-12-31")):
        company.write("campaigns", "CampaignCostRecorded", "campaign-x", at=BEGIN + 2 * DAY, campaign_id="x",
                      cost_id=number, kind="media", amount=money(amount), incurred_on=day)  # fmt: skip
    company.write("campaigns", "CampaignCostReversed", "campaign-x", at=BEGIN + 5 * DAY, campaign_id="x",
                  cost_id="2", amount=money(50))  # fmt: skip
    for number in "123":
        company.write("sales", "OrderPlaced", f"order-{number}", f"c-{number}", at=BEGIN, order_id=number,
                      lines=[], total=money(1, "EUR"))  # fmt: skip
    for number in "12":
        company.write(
            "sales", "LeadCaptured", f"lead-{number}", at=BEGIN, lead_id=number, source="s", channel="web"
        )
    events = company.events()
    answer = body_of(ask(events, "acquisition_cost", Question(QUARTER, by="month")))
    assert (answer["value"], answer["currency"]) == (30_00, "USD")
    assert [p["value"] for p in answer["points"]] == [30_00, None, None]
    assert body_of(ask(events, "cost_per_lead", Question(QUARTER)))["value"] == 45_00
    then = Question(QUARTER, Until(BEGIN + 4 * DAY))
    assert body_of(ask(events, "campaign_costs", then))["value"] == 140_00


def test_entry_delay_is_from_happening_to_recording():
    """Half of the interactions are entered after more than the median."""
    company = Company()
    for hours in (1, 3, 9):
        company.write("contacts", "InteractionRecorded", f"interaction-{hours}", "c",
                      at=BEGIN + timedelta(minutes=hours) - timedelta(hours=hours), interaction_id=str(hours),
                      kind="call", direction="in", channel="phone")  # fmt: skip
    window = Window(BEGIN - DAY, BEGIN + DAY)
    found = ask(company.events(), "entry_delay", Question(window)).figure
    assert float(found.value or 0) == pytest.approx(3, abs=0.1)
