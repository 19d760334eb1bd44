"""The retention table, checked by hand."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from services.analytics.metrics.body import body_of
from services.analytics.metrics.exports import csv_of
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.reports import html, pdf
from services.analytics.reports.answering import Answering
from services.analytics.reports.rendering import Rendering
from services.analytics.reports.shipped import SHIPPED
from shared.events import Event
from shared.project.entry import Until
from tests.company import Company
from tests.unit.analytics.metrics.folded import Folded, ask

YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
QUARTER = Window(YEAR.since, APRIL)
# Cohort of January: a, b, c, d. Of February: e, f. Of December before: z.
#            Jan     Feb   Mar
#   January  4 of 4  2     1      2/4 after a month, 1/4 after two: 3 of 8 months
#   February         2     1      1/2 after a month: 1 of 2 months
ORDERED: Mapping[str, Sequence[str]] = {
    "a": ("2026-01-05", "2026-02-01", "2026-02-28", "2026-03-31"),
    "b": ("2026-01-31", "2026-02-01"),
    "c": ("2026-01-01", "2026-01-20"),
    "d": ("2026-01-09", "2026-04-01"),
    "e": ("2026-02-02", "2026-03-02"),
    "f": ("2026-02-02",),
    "z": ("2025-12-31", "2026-01-01"),
}  # fmt: skip


@pytest.fixture
def events() -> Sequence[Event]:
    """Return the orders of seven people."""
    company = Company()
    for ref, days in ORDERED.items():
        for day in days:
            company.write(
                "sales", "OrderPlaced", f"order-{ref}-{day}", ref,
                at=datetime.fromisoformat(f"{day}T12:00:00+00:00"),
                order_id="x", order_no="x", lines=[], total={"amount": 1_00, "currency": "GBP"},
            )  # fmt: skip
    return company.events()


def test_a_retention_table_of_two_cohorts_by_hand(events):
    """Each age is of those who have reached it: 3 of 6 after a month, 1 of 4 after two."""
    found = ask(events, "cohort_retention", Question(QUARTER, by="cohort"))
    assert (found.figure.numerator, found.figure.denominator, found.figure.n) == (4, 10, 6)
    assert found.figure.detail == {"month_00": 1, "month_01": Fraction(1, 2), "month_02": Fraction(1, 4)}
    table = {point["label"]: point for point in body_of(found)["points"]}
    assert table["2026-01"]["detail"] == {"month_00": 1.0, "month_01": 0.5, "month_02": 0.25}
    assert (table["2026-02"]["value"], table["2026-02"]["detail"]) == (
        0.5,
        {"month_00": 1.0, "month_01": 0.5},
    )
    assert (table["2025-12"]["value"], bool(table["2025-12"]["reason"])) == (None, True)


def test_the_table_of_cohorts_as_csv(events):
    """The shares by age are columns of their own; an age not reached is empty."""
    answer = body_of(ask(events, "cohort_retention", Question(QUARTER, by="cohort")))
    rows = {row["label"]: row for row in csv.DictReader(io.StringIO(csv_of(answer)))}
    ages = {label: [row[f"month_0{age}"] for age in range(3)] for label, row in rows.items()}
    assert ages == {"2025-12": ["", "", ""], "2026-01": ["1.0", "0.5", "0.25"], "2026-02": ["1.0", "0.5", ""]}


def test_the_report_of_cohorts_shows_the_table_and_draws_it(events):
    """As words and as shades, in the same order; cohorts of before are not in it."""
    asking = Answering(Reader(Folded(events)))
    page = Rendering(asking, dict, None, None).page(SHIPPED["cohorts"][0], APRIL, APRIL)
    kinds = [part.kind for part in page.parts if part.answer and part.answer.columns[-1].cell]
    table = next(part.answer for part in page.parts if part.answer and part.answer.columns[-1].cell)

    assert kinds == ["chart", "table"]
    assert [row[0] for row in table.rows] == ["2025-12", "2026-01", "2026-02"]
    words = html.render(page).decode()
    assert '<table class="grid">' in words
    assert words.count('<td class="n">100.0 %</td>') >= 3
    assert pdf.render(page) == pdf.render(page)


def test_a_month_counts_once_it_is_over(events):
    """In the middle of March nobody knows yet who orders in it."""
    middle = Question(YEAR, Until(datetime(2026, 3, 15, tzinfo=UTC)), scope_of("cohort:2026-01"))
    found = ask(events, "cohort_retention", middle).figure
    assert found.detail == {"month_00": 1, "month_01": Fraction(1, 2)}


def test_whose_first_month_is_not_over_has_no_retention_yet(events):
    """A share of nothing is not available."""
    begin = Question(YEAR, Until(datetime(2026, 1, 15, tzinfo=UTC)))
    found = ask(events, "cohort_retention", begin).figure
    assert (found.value, found.detail, found.n) == (None, {}, 3)
    assert found.reason
