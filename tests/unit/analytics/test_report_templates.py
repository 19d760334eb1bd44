"""Report templates: queries and a layout in versions, due by a schedule."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.analytics.domain.metric import METRIC, MetricPublished, PublishMetric, RetireMetric
from services.analytics.domain.report import (
    REPORT,
    Block,
    NoteFailure,
    NoteRendering,
    NoteSending,
    Query,
    ReportDue,
    ReportFailed,
    ReportRendered,
    ReportSent,
    ReportTemplateRetired,
    ReportTemplateSaved,
    RetireTemplate,
    SaveTemplate,
    Schedule,
    following,
)
from shared.decide.decider import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.given import given

FIRST = datetime(2026, 1, 31, 7, tzinfo=UTC)
LAYOUT = (Block("heading", "Revenue"), Block("chart", query="revenue"), Block("table", query="best"))
QUERIES = (
    Query("revenue", "net_revenue", period="year", by="month"),
    Query("best", "net_revenue", by="customer", limit=10),
)
MONTHLY = Schedule(FIRST, "month", "crm@example.com", ("boss@example.com",), ("pdf",))
SAVE = SaveTemplate("monthly", "The month", LAYOUT, QUERIES, MONTHLY)
SAVED = ReportTemplateSaved("monthly", 1, "The month", LAYOUT, QUERIES, MONTHLY)
DUE = ReportDue("monthly", 1, FIRST)


def test_row_108_a_template_is_saved_by_versions():
    """The same content is no new version; a retired template comes back by saving it."""
    retired = ReportTemplateRetired("monthly")

    given(REPORT).when(SAVE).then(SAVED)
    given(REPORT, SAVED).when(SAVE).then_nothing()
    given(REPORT, SAVED).when(replace(SAVE, title="A month")).then(replace(SAVED, version=2, title="A month"))
    given(REPORT, SAVED).when(RetireTemplate("monthly")).then(retired)
    given(REPORT, SAVED, retired).when(RetireTemplate("monthly")).then_nothing()
    given(REPORT, SAVED, retired).when(SAVE).then(replace(SAVED, version=2))
    given(REPORT).when(RetireTemplate("monthly")).then_raises(NotFound, "not known")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layout": (Block("heading"),)}, "/layout/0/text"),
        ({"layout": (Block("text", "Words", "best"),)}, "/layout/0/query: belongs to a value"),
        (
            {"layout": (Block("table", query="costs"),)},
            "/layout/0/query: needs to be one of the queries: revenue, best",
        ),
        ({"queries": QUERIES + QUERIES[:1]}, "/queries/2/name: revenue is there twice"),
    ],
)
def test_a_template_that_does_not_fit_together_is_refused_by_place(change: dict[str, object], words: str):
    """Every place is named."""
    given(REPORT).when(replace(SAVE, **change)).then_raises(Invalid, words)


def test_a_report_is_due_by_its_schedule_and_the_month_ends_where_it_ends():
    """From 31 January to 28 February to 31 March; another version with the same schedule changes nothing."""
    state = given(REPORT, SAVED).when(Elapsed("due", FIRST)).then(DUE)
    assert state.next_due == datetime(2026, 2, 28, 7, tzinfo=UTC)
    assert following(MONTHLY, state.next_due) == datetime(2026, 3, 31, 7, tzinfo=UTC)
    assert given(REPORT, SAVED, DUE).when(replace(SAVE, title="Else")).after().next_due == state.next_due
    assert following(replace(MONTHLY, every="week"), FIRST) == datetime(2026, 2, 7, 7, tzinfo=UTC)
    given(REPORT, SAVED, DUE).when(Elapsed("due", FIRST)).then_nothing()


def test_another_schedule_begins_anew_and_a_retired_report_is_never_due():
    """Nothing is sent that nobody asked for."""
    daily = replace(MONTHLY, every="day", first_at=datetime(2026, 5, 1, tzinfo=UTC))

    assert given(REPORT, SAVED, DUE).when(replace(SAVE, schedule=daily)).after().next_due == daily.first_at
    assert given(REPORT, SAVED).when(replace(SAVE, schedule=None)).after().next_due is None
    given(REPORT, SAVED, ReportTemplateRetired("monthly")).when(Elapsed("due", FIRST)).then_nothing()


def test_a_rendering_names_version_clocks_and_content():
    """What cannot have been rendered is refused."""
    clocks = (FIRST, FIRST, {"sales": 12}, "a" * 64)
    note = NoteRendering("monthly", 1, "pdf", *clocks)

    rendered = ReportRendered("monthly", 1, "pdf", *clocks)
    assert given(REPORT, SAVED).when(note).then(rendered).last == rendered
    given(REPORT, SAVED).when(replace(note, template_version=2)).then_raises(Conflict, "no version 2")


def test_a_published_formula_never_changes():
    """Another formula is another version."""
    first = PublishMetric("churn", 1, "Churn", "lost / start", "share", ("OrderPlaced",), "sales")
    published = MetricPublished("churn", 1, "Churn", "lost / start", "share", ("OrderPlaced",), "sales")

    given(METRIC).when(first).then(published)
    given(METRIC, published).when(first).then_nothing()
    given(METRIC, published).when(replace(first, formula="1")).then_raises(Conflict, "publish the next")
    assert set(given(METRIC, published).when(replace(first, version=2, formula="1")).after().versions) == {
        1,
        2,
    }
    assert given(METRIC, published).when(RetireMetric("churn")).after().status == "retired"
    given(METRIC).when(RetireMetric("churn")).then_raises(NotFound, "not known")


def test_what_waits_is_sent_once_and_only_the_latest_of_what_was_missed():
    """A second note of the same sending is no news; an older moment gives way to a later one."""
    later = ReportDue("monthly", 1, datetime(2026, 2, 28, 7, tzinfo=UTC))
    sending = NoteSending("monthly", FIRST, ("boss@example.com",))
    sent = ReportSent("monthly", FIRST, ("boss@example.com",))

    assert given(REPORT, SAVED, DUE).when(sending).then(sent).waiting is None
    given(REPORT, SAVED, DUE, sent).when(sending).then_nothing()
    given(REPORT, SAVED, DUE, later).when(sending).then_nothing()
    assert given(REPORT, SAVED, DUE, later).state().waiting == later.due_at


def test_a_failure_is_shown_with_its_reason_until_the_report_is_sent_or_saved_anew():
    """It waits no more: its next moment is as planned."""
    note = NoteFailure("monthly", 1, FIRST, "there is no metric luck")
    failed = ReportFailed("monthly", 1, FIRST, "there is no metric luck")
    again = ReportDue("monthly", 1, datetime(2026, 2, 28, 7, tzinfo=UTC))
    sent = ReportSent("monthly", again.due_at, ("boss@example.com",))

    state = given(REPORT, SAVED, DUE).when(note).then(failed)
    assert (state.waiting, state.failed, state.next_due) == (None, failed, again.due_at)
    given(REPORT, SAVED, DUE, failed).when(note).then_nothing()
    assert given(REPORT, SAVED, DUE, failed, again, sent).state().failed is None
    assert given(REPORT, SAVED, DUE, failed, replace(SAVED, version=2)).state().failed is None
