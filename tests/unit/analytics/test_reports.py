"""Reports: one page, three formats, the same bytes for the same page."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest

from services.analytics.reports import chart, html, pdf
from services.analytics.reports import csv as as_csv
from services.analytics.reports.formats import render
from services.analytics.reports.mail import compose
from services.analytics.reports.page import Answer, Column, Page, Part, shown
from services.analytics.reports.shipped import SHIPPED

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)
REVENUE = Answer(
    "Revenue by month",
    (Column("month"), Column("orders", "count"), Column("net", "GBP")),
    (("2026-03", 3, 123450), ("2026-04", 0, None)),
    "net of returns",
)
NAMES = Answer(
    "Who", (Column("name"), Column("share", "share")), (("=cmd|' /C calc'!A0", 0.125), ("Łukasz <b>", 1))
)
PAGE = Page(
    "The month", "monthly", 2, MOMENT, MOMENT,
    (Part("heading", "Money"), Part("text", "Net & gross"), Part("chart", answer=REVENUE),
     Part("table", answer=NAMES), Part("value", answer=REVENUE)),
)  # fmt: skip


@pytest.mark.parametrize("form", [html, pdf, as_csv])
def test_row_108_the_same_page_gives_the_same_bytes(form):
    """Here, and in a process of its own; another clock gives other bytes."""
    here = form.render(PAGE)

    assert render(form.__name__.rpartition(".")[2], PAGE) == here
    assert form.render(replace(PAGE, as_of=datetime(2026, 5, 2, tzinfo=UTC))) != here


def test_how_many_counted_is_not_drawn_beside_a_value():
    """A share would lie flat at the foot of a thousand."""
    alone = replace(REVENUE, columns=REVENUE.columns[:2], rows=tuple(row[:2] for row in REVENUE.rows))
    assert chart.svg(alone) == chart.svg(REVENUE) != chart.svg(replace(alone, rows=alone.rows[:1]))


GRID = Answer(
    "Again",
    (Column("cohort"), Column("n", "count"), *(Column(f"month {n}", "share", cell=True) for n in range(3))),
    (("2026-01", 4, 1.0, 0.5, 0.25), ("2026-02", 2, 1.0, None, None)),
)  # fmt: skip


def test_a_grid_is_drawn_with_what_its_cells_say():
    """The larger the darker, empty where there is nothing yet; as high as its rows."""
    assert chart.shades([[1.0, 0.25], [0.0, -2]]) == [[1.0, 0.5], [0.0, 0.0]]
    assert chart.size(replace(GRID, rows=GRID.rows * 20)) > chart.size(GRID) == chart.size(REVENUE)
    assert chart.svg(GRID) == chart.svg(GRID) != chart.svg(replace(GRID, rows=GRID.rows[:1]))
    assert chart.svg(replace(GRID, rows=()))


def test_a_page_says_its_clocks_and_its_template():
    """Who reads it can ask for it again."""
    text = html.render(PAGE).decode()

    assert "as of 2026-05-01T00:00:00.000Z, as known at 2026-05-01T00:00:00.000Z" in text
    assert "monthly, version 2" in text


def test_what_people_wrote_is_shown_and_not_run():
    """Neither as markup in the page nor as a formula in a spreadsheet."""
    text = html.render(PAGE).decode()
    rows = list(csv.reader(StringIO(as_csv.render(PAGE).decode("utf-8-sig"))))

    assert "Łukasz &lt;b&gt;" in text
    assert ["'=cmd|' /C calc'!A0", "0.125"] in rows
    assert ["month", "orders", "net (GBP, minor units)"] in rows


def test_what_is_not_available_is_said_so():
    """An empty value is no zero."""
    text = html.render(replace(PAGE, parts=(Part("value", answer=replace(REVENUE, rows=())),))).decode()

    assert "not available" in text
    assert (
        "nothing in this time"
        in html.render(replace(PAGE, parts=(Part("table", answer=replace(REVENUE, rows=())),))).decode()
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (123450, "GBP", "1,234.50 GBP"),
        (1234, "JPY", "1,234 JPY"),
        (0.125, "share", "12.5 %"),
        (12345, "count", "12,345"),
        (3, "days", "3 days"),
        ("2.345", "days", "2.35 days"),
        (-10, "number", "-10"),
        (None, "share", "not available"),
        (MOMENT, "text", "2026-05-01T00:00:00.000Z"),
    ],
)
def test_values_are_written_for_people(value, unit, text):
    """Money in its major unit, shares in percent."""
    assert shown(value, unit) == text


@pytest.mark.parametrize(
    ("at", "unit", "text"),
    [(200_000, "GBP", "2,000 GBP"), (150, "GBP", "1.50 GBP"), (2_000, "JPY", "2,000 JPY"),
     (0.1 + 0.2, "share", "30 %"), (12, "count", "12"), (17.5, "days", "17.50 days")],
)  # fmt: skip
def test_an_axis_is_written_for_people(at, unit, text):
    """Of a share and of money, whatever its minor unit, as shortly as can be."""
    assert chart.tick(at, unit) == text


def test_a_report_by_mail_has_every_form_as_a_file():
    """The page is the text of the mail, and a file beside it, for what is drawn is left out of many texts."""
    contents = {"html": b"<p>", "pdf": b"%PDF", "csv": b"a,b"}
    mail = compose(PAGE, contents, "crm@example.com", "boss@example.com", "m-1")
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == [f"monthly-2026-05-01.{form}" for form in ("csv", "html", "pdf")]
    text = mail.get_body(("html",))
    assert text is not None
    assert text.get_content().strip() == "<p>"


def test_a_shipped_report_looks_back_to_a_time_with_customers():
    """Who was lost is seen from the beginning of a window: that of all time nobody was a customer."""
    since_nobody = {"retention", "churn", "customer_equity", "lifetime_value"}
    queries = [query for template, _ in SHIPPED.values() for query in template.queries]
    assert not [q for q in queries if q.metric in since_nobody and q.period == "all"]
    assert all(q.sort == "label" for q in queries if (q.by or "").startswith("cohort"))


def test_a_pdf_begins_as_one_and_has_every_page_part():
    """A table of many rows goes on over pages."""
    many = replace(NAMES, rows=tuple((f"name {n}", n / 1000) for n in range(200)))

    found = pdf.render(replace(PAGE, parts=(Part("table", answer=many), Part("chart", answer=REVENUE))))
    assert found.startswith(b"%PDF-")
    assert found.count(b"/Type /Page\n") + found.count(b"/Type /Page ") >= 4
