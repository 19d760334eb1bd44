"""Reports ask the metrics: windows by the calendar, one reading for value, table and chart."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from services.analytics.domain.report import Query, SaveTemplate
from services.analytics.domain.report.events import Block
from services.analytics.objectives.engine import decimal_of
from services.analytics.reports.answering import Answering, answer_of, chart_of
from services.analytics.reports.periods import window_of
from services.analytics.reports.shipped import SHIPPED
from shared.errors import Invalid

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def day(*parts: int) -> datetime:
    """Return the beginning of a day in UTC."""
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "periods", "as_of", "since"),
    [
        ("month", 1, MAY, day(2026, 4, 1)),
        ("month", 1, day(2026, 5, 2), MAY),
        ("month", 13, MAY, day(2025, 4, 1)),
        ("quarter", 1, MAY, day(2026, 4, 1)),
        ("quarter", 8, MAY, day(2024, 7, 1)),
        ("year", 1, day(2026, 1, 1), day(2025, 1, 1)),
        ("week", 2, MAY, day(2026, 4, 20)),
        ("day", 7, MAY, day(2026, 4, 24)),
        ("all", 1, MAY, day(1970, 1, 1)),
    ],
)
def test_a_report_looks_back_over_whole_periods(period, periods, as_of, since):
    """What is sent on the first of May is about April."""
    window = window_of(Query("q", "orders", period=period, periods=periods), as_of)

    assert (window.since, window.to) == (since, as_of)


BODY = {
    "title": "Win rate", "formula": "won / closed", "unit": "share", "value": 0.6, "numerator": 6,
    "denominator": 10, "n": 10, "points": [
        {"label": "", "value": 0.5, "n": 2}, {"label": "eva", "value": 1.0, "n": 4},
        {"label": "bob", "value": None, "n": 0}, {"label": "ann", "value": 1.0, "n": 4},
    ],
}  # fmt: skip


def test_a_dimension_is_shown_the_largest_first_and_says_what_it_leaves_out():
    """Equal values by name; what has no name is said to have none."""
    answer = answer_of(Query("q", "win_rate", by="owner", limit=3), BODY)

    assert answer.rows == (("ann", 1.0, 4), ("eva", 1.0, 4), ("(none)", 0.5, 2))
    assert answer.note == "won / closed; 1 more"


RETURNING = {
    "title": "Retention by age", "formula": "again / all", "unit": "share", "along": "months",
    "parameters": {"scope": "company", "by": "cohort", "from": MAY, "to": MAY}, "points": [
        {"label": "2025-12", "value": None, "n": 0},
        {"label": "2026-01", "value": 0.3, "n": 4,
         "detail": {"month_00": 1.0, "month_01": 0.4, "month_02": 0.2}},
        {"label": "2026-02", "value": 0.5, "n": 2, "detail": {"month_00": 1.0, "month_01": 0.5}},
    ],
}  # fmt: skip


def test_details_that_go_on_with_each_other_are_the_columns_of_a_table():
    """A cell that is not there yet is empty; a row of nobody is not shown, and not said to be left out."""
    answer = answer_of(Query("q", "cohort_retention", by="cohort", sort="label"), RETURNING)

    assert [column.name for column in answer.columns[3:]] == ["month 00", "month 01", "month 02"]
    assert {column.unit for column in answer.columns[3:]} == {"share"}
    assert answer.rows == (("2026-01", 0.3, 4, 1.0, 0.4, 0.2), ("2026-02", 0.5, 2, 1.0, 0.5, None))
    assert [column.shown(value) for column, value in zip(answer.columns, answer.rows[1], strict=True)] == [
        "2026-02", "50.0 %", "2", "100.0 %", "50.0 %", "",
    ]  # fmt: skip
    assert answer.note == "again / all"
    assert [row[2:] for row in chart_of(RETURNING).rows] == [(1.0, 0.4, 0.2), (1.0, 0.5, None)]


def test_a_value_says_what_it_was_made_of_or_why_there_is_none():
    """Numerator and denominator, or the reason."""
    nothing = {**BODY, "value": None, "reason": "no deal was closed"}

    assert answer_of(Query("q", "win_rate"), BODY).note == "won / closed: 6 of 10"
    assert answer_of(Query("q", "win_rate"), nothing).note == "no deal was closed"
    paid = {**BODY, "unit": "money", "currency": "GBP", "numerator": 123456}
    assert answer_of(Query("q", "win_rate"), paid).note == "won / closed: 1,234.56 GBP of 10"
    assert answer_of(Query("q", "win_rate"), nothing).rows == ((None,),)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (Query("q", "luck"), "/queries/0/metric: there is no metric luck"),
        (Query("q", "win_rate", metric_version=99), "/queries/0/metric"),
        (Query("q", "win_rate", by="moon"), "/queries/0/by"),
        (Query("q", "win_rate", scope="moon:full"), "/queries/0/scope"),
        (Query("q", "win_rate", currency="GBP"), "/queries/0/currency"),
        (Query("q", "win_rate", parameters={"moon": 1}), "/queries/0/moon"),
    ],
)
def test_a_template_that_asks_what_no_metric_answers_is_refused(query, words):
    """When it is saved, not when it is sent."""
    with pytest.raises(Invalid, match=words):
        Answering(None).checked(SaveTemplate("t", "T", (Block("heading", "T"),), (query,)))


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_question_asks_what_the_metrics_answer(name):
    """The reports that come along work with the metrics that come along."""
    template, asks = SHIPPED[name]

    assert asks.endswith("?")
    Answering(None).checked(SaveTemplate(name, template.title, template.layout, template.queries))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(-1, 8), "-0.125"),
        (42000, "42000"),
        (Fraction(-1, 10**15), "0"),
    ],
)
def test_a_measured_value_is_a_decimal(value, text):
    """Rounded to twelve digits, and never minus nothing."""
    assert decimal_of(value) == text
