"""An answer is as fresh as the oldest of what it was read from."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from services.analytics.domain.report import Query, ReportTemplateSaved
from services.analytics.freshness import Freshness
from services.analytics.goals import watermark_by
from services.analytics.metrics import METRICS, metric_of
from services.analytics.metrics.drill import behind
from services.analytics.metrics.engine import measured, reads
from services.analytics.metrics.metric import Metric
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.reports.answering import read_for
from services.analytics.views.facts import Kind
from services.analytics.views.facts_cells import CELLS, PEOPLE
from services.analytics.views.facts_standing import STANDING
from shared.consume.source_log import Source, SourceHead
from shared.errors import Unavailable
from shared.project.entry import Until
from shared.project.projection import View
from shared.project.target import Checkpoint
from tests.company import BEGIN, Company, populate
from tests.eventful import eventful
from tests.unit.analytics.metrics.folded import Folded

# Begins, ends and is known within a day: cells and facts of the days at the edges are read.
UNTIL = Until(datetime(2026, 5, 1, 15, tzinfo=UTC), datetime(2026, 5, 1, 16, tzinfo=UTC))
PART = Window(BEGIN + timedelta(hours=5), datetime(2026, 5, 1, 15, tzinfo=UTC))
GROUPED = ("segment", "cohort")


class Noting(Folded):
    """Views that note which of them are read."""

    def __init__(self, events: Any) -> None:
        super().__init__(events)
        self.read: set[str] = set()

    def cells(self, kind: str, first: str, last: str) -> Iterable[View]:
        """Return cells."""
        self.read.add(CELLS.name)
        return super().cells(kind, first, last)

    def first_day(self, kind: str) -> str | None:
        """Return the first day."""
        self.read.add(CELLS.name)
        return super().first_day(kind)

    def people(self, roots: Collection[str] | None) -> Iterable[View]:
        """Return customers."""
        self.read.add(PEOPLE.name)
        return super().people(roots)

    def entities(self, kind: Kind, tags: Iterable[str]) -> Iterable[View]:
        """Return entities."""
        self.read.add(kind.view)
        return super().entities(kind, tags)


@pytest.fixture(scope="module")
def noting() -> Noting:
    """A company in which everything happens."""
    company = Company()
    eventful(company, populate(company, customers=3, rounds=1))
    return Noting(company.events())


def questions(metric: Metric) -> Iterable[Question]:
    """Yield questions that are read from as much as possible."""
    yield Question(PART, UNTIL)
    for dimension in set(GROUPED) & set(metric.source.dimensions):
        yield Question(PART, UNTIL, by=dimension)
        yield Question(PART, UNTIL, scope_of(f"{dimension}:c-0000"))


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: f"{metric.id}/{metric.version}")
def test_a_metric_names_all_that_it_is_read_from(metric: Metric, noting: Noting) -> None:
    """Whatever it is split by or asked for, and for the events behind it."""
    for question in questions(metric):
        noting.read.clear()
        measured(metric, question, Reader(noting))
        behind(metric, question, Reader(noting), None, 10)
        assert noting.read <= set(reads(metric, question)), str(question)


def freshness(**folded: int) -> Freshness:
    """Projections that have folded so many of ten events of sales, all in one partition."""

    class Sales:
        def recent_head(self) -> SourceHead:
            return SourceHead(10, (10,))

    def checkpoint(count: int) -> Checkpoint:
        return Checkpoint(count, 0, {"sales": {"0": count}}, {"sales": count})

    known = {name: (lambda count=count: checkpoint(count)) for name, count in folded.items()}
    return Freshness({"sales": cast("Source", Sales())}, known, partitions=1)


def test_of_several_projections_the_one_furthest_behind_counts() -> None:
    """For watermark, lag and who is behind."""
    known = freshness(cells=10, standing=4, people=9)
    assert known.of("cells")["behind"] == []
    found = known.of("cells", "standing", "people")
    assert (found["watermark"], found["lag"], found["behind"]) == ({"sales": 4}, {"sales": 6}, ["sales"])


def test_a_version_is_waited_for_in_all_projections() -> None:
    """The one that has not reached it is named."""
    known = freshness(cells=10, standing=4)
    known.wait("sales:4", 0, "cells", "standing")
    with pytest.raises(Unavailable, match="standing has not reached sales:5"):
        known.wait("sales:5", 0, "cells", "standing")


def test_a_split_by_segment_is_as_fresh_as_the_memberships() -> None:
    """A split by cohort as the orders of all customers, and a plain answer as neither."""
    metric = metric_of("win_rate")
    plain = reads(metric, Question(PART))
    assert STANDING.view in reads(metric, Question(PART, by="segment"))
    assert STANDING.view in reads(metric, Question(PART, scope=scope_of("segment:loyal")))
    assert PEOPLE.name in reads(metric, Question(PART, by="cohort"))
    assert not {STANDING.view, PEOPLE.name} & set(plain)


def test_a_report_is_as_fresh_as_the_oldest_of_its_answers() -> None:
    """One of nothing but words is read from nothing."""
    queries = (Query("a", "net_revenue"), Query("b", "win_rate", by="segment"))
    template = ReportTemplateSaved("t", 1, "T", (), queries)
    counts = dict.fromkeys(read_for(template, BEGIN), 10) | {STANDING.view: 4}
    watermark = watermark_by(freshness(**counts))
    assert watermark(template, BEGIN) == {"sales": 4}
    assert watermark(replace(template, queries=()), BEGIN) == {}
