"""What is exported and drawn of a metric is its answer."""

import csv
import io

from services.analytics.metrics.body import body_of
from services.analytics.metrics.exports import csv_of
from services.analytics.metrics.question import Question
from services.analytics.reports import chart
from services.analytics.reports.answering import chart_of
from tests.unit.analytics.metrics.folded import ask
from tests.unit.analytics.metrics.test_engine import YEAR, company


def test_table_and_chart_say_what_the_answer_says():
    """A-5: one answer gives all of them."""
    answer = body_of(ask(company(2), "net_revenue", Question(YEAR, by="month", currency="GBP")))
    rows = list(csv.DictReader(io.StringIO(csv_of(answer))))
    points = [(p["label"], p["value"]) for p in answer["points"]]
    assert [(row["label"], int(row["value"])) for row in rows] == points
    assert list(chart_of(answer).rows) == points
    assert [column.unit for column in chart_of(answer).columns] == ["text", "GBP"]


def test_what_is_not_available_is_empty_in_a_table_with_its_reason():
    """Never 0."""
    (row,) = csv.DictReader(io.StringIO(csv_of(body_of(ask([], "win_rate", Question(YEAR))))))
    assert (row["value"], row["reason"]) == ("", "no deal was closed in the window")


def test_the_same_answer_gives_the_same_picture():
    """Byte for byte."""
    answer = chart_of(body_of(ask(company(2), "orders", Question(YEAR, by="country"))))
    assert chart.png(answer) == chart.png(answer)
    assert chart.svg(answer) == chart.svg(answer)
    assert chart.png(answer).startswith(b"\x89PNG")
