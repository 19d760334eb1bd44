"""The published facts of the public data sets, of the whole files, by the catalogue's formulas."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest

from services.analytics.domain.quantiles import cuts
from services.analytics.metrics import metric_of
from services.analytics.metrics.body import body_of
from services.analytics.metrics.engine import measured, settled
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader
from services.analytics.metrics.rfm import rfm_of
from tests.company import Company
from tests.real_data import DATA, DEALS, RETAIL, Line, lines_of, minor
from tests.unit.analytics.metrics.folded import Folded

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not DATA.is_dir(), reason="the data sets are not here"),
]
HALF_YEAR = Window(datetime(2010, 12, 1, tzinfo=UTC), datetime(2011, 7, 13, tzinfo=UTC))
YEAR = Window(datetime(2017, 1, 1, tzinfo=UTC), datetime(2018, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def retail() -> Reader:
    """The invoices, each an order or a return."""
    invoices: dict[str, list[Line]] = defaultdict(list)
    for line in lines_of(RETAIL):
        back, quantity = line["InvoiceNo"].startswith("C"), int(line["Quantity"])
        if float(line["UnitPrice"]) > 0 and (quantity < 0 if back else quantity > 0):
            invoices[line["InvoiceNo"]].append(line)
    company = Company()
    for number, lines in invoices.items():
        first, back = lines[0], number.startswith("C")
        amount = sum(abs(int(x["Quantity"]) * minor_price(x)) for x in lines)
        money = {"amount": amount // 10, "currency": "GBP"}
        at = datetime.fromisoformat(first["InvoiceDate"]).replace(tzinfo=UTC)
        said: dict[str, Any] = {"order_id": number, "lines": [], "country": first["Country"]}
        type_, name = ("OrderReturned", "value") if back else ("OrderPlaced", "total")
        company.write(
            "sales", type_, f"order-{number}", first["CustomerID"] or None, at=at, **said, **{name: money}
        )
    return Reader(Folded(company.events()))


def minor_price(line: Line) -> int:
    """Return the unit price in tenths of a penny: the file has three decimals."""
    return round(float(line["UnitPrice"]) * 1_000)


@pytest.fixture(scope="module")
def deals() -> Reader:
    """The opportunities, opened when engaged and closed when closed."""
    company = Company()
    for line in lines_of(DEALS):
        number = line["opportunity_id"]
        stream, owner = f"opportunity-{number}", line["sales_agent"]
        known: dict[str, Any] = {"opportunity_id": number, "owner": owner}
        began = moment(line["engage_date"] or "2017-12-31")
        company.write("sales", "OpportunityOpened", stream, at=began, stage="Engaging", pipeline_id="main",
                      product=line["product"], probability=50, **known)  # fmt: skip
        closed = line["deal_stage"]
        if closed in ("Won", "Lost"):
            money = {"amount": minor(line["close_value"]), "currency": "USD"}
            known |= {"amount": money, "reason_code": "x"}
            company.write("sales", f"Opportunity{closed}", stream, at=moment(line["close_date"]), **known)
    return Reader(Folded(company.events()))


def moment(day: str) -> datetime:
    """Return the beginning of a day."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def answer(reader: Reader, metric: str, question: Question) -> dict[str, Any]:
    """Return a metric's answer."""
    return body_of(measured(metric_of(metric), question, reader))


def test_rfm_cut_points_of_online_retail(retail: Reader) -> None:
    """R 20/42/77.6/133, F 1/1/2/4, M 209.20/373.69/690.09/1,465.51; five customers by hand."""
    question = Question(HALF_YEAR, parameters={"basis": "gross"})
    _, people, asked, _ = settled(metric_of("monetary"), question, retail)
    found = {p.root: p for p in rfm_of(people, asked)}
    assert len(found) == 3_027
    points = {
        name: [round(float(c), 1) for c in cuts([getattr(p, name) for p in found.values()])]
        for name in ("recency", "frequency", "monetary")
    }
    assert points["recency"] == [20, 42, 77.6, 133]
    assert points["frequency"] == [1, 1, 2, 4]
    assert points["monetary"] == pytest.approx([20_920, 37_369, 69_009, 146_551], abs=2)
    spots = {"17850": (223, 34), "12347": (34, 4), "14646": (15, 32), "12748": (2, 109), "13047": (24, 7)}
    for root, expected in spots.items():
        one = found[f"{root}.0"]
        assert (one.recency, one.frequency) == expected
    assert found["14646.0"].monetary == pytest.approx(13_600_211, abs=60)


def test_customers_and_revenue_of_online_retail_by_month_and_country(retail: Reader) -> None:
    """885 customers in the first month, 417 new ones in the second; 1,683 of 3,027 come back."""
    by_month = Question(HALF_YEAR, by="month")
    active = [p["value"] for p in answer(retail, "customers", by_month)["points"]]
    assert active == [885, 741, 758, 974, 856, 1_056, 991, 395]
    new = [p["value"] for p in answer(retail, "new_customers", by_month)["points"]]
    assert new == [885, 417, 380, 452, 300, 284, 242, 67]
    repeat = answer(retail, "repeat_rate", Question(HALF_YEAR))
    assert (repeat["numerator"], repeat["denominator"]) == (1_683, 3_027)
    months = [p["value"] for p in answer(retail, "gross_revenue", by_month)["points"]]
    assert months[:2] == pytest.approx([82_374_614, 69_136_456], abs=300)
    countries = answer(retail, "gross_revenue", Question(HALF_YEAR, by="country"))["points"]
    found = {p["label"]: p["value"] for p in countries}
    assert found["Netherlands"] == pytest.approx(13_984_457, abs=100)
    assert len(found) == 37


def test_win_rate_and_cycle_of_the_pipeline(deals: Reader) -> None:
    """63.150 % in all, by quarter and by sales rep as published; median 57 and mean 51.78 days."""
    whole = answer(deals, "win_rate", Question(YEAR, by="quarter"))
    assert (whole["numerator"], whole["denominator"]) == (4_238, 6_711)
    assert [round(100 * p["value"], 2) for p in whole["points"]] == [82.07, 61.71, 61.41, 60.25]
    reps = {p["label"]: p["value"] for p in answer(deals, "win_rate", Question(YEAR, by="owner"))["points"]}
    assert round(100 * reps["Darcel Schlecht"], 2) == 63.11
    assert round(100 * reps["Hayden Neloms"], 2) == 70.39
    cycle = answer(deals, "sales_cycle", Question(YEAR))
    assert (cycle["value"], round(cycle["detail"]["mean"], 2), cycle["n"]) == (57, 51.78, 4_238)
    products = answer(deals, "won_value", Question(YEAR, by="product"))["points"]
    assert {p["label"]: p["value"] for p in products}["GTX Plus Pro"] == 2_629_651_00
