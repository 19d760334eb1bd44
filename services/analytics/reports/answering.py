"""Answer the queries of a report by the metrics: value, table and chart come from one reading (A-5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.analytics.domain.report import Query, ReportTemplateSaved, SaveTemplate
from services.analytics.metrics import metric_of
from services.analytics.metrics.body import body_of
from services.analytics.metrics.engine import check, measured, reads
from services.analytics.metrics.exports import cells_of
from services.analytics.metrics.question import PERIODS, Question, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.reports.page import Answer, Column, limit_of, shown
from services.analytics.reports.periods import window_of
from shared.errors import FieldError, Invalid, NotFound
from shared.events.clock import now
from shared.project.entry import Until
from shared.service.preparing import Prepared

UNITS = {"count": "count", "share": "share", "days": "days", "hours": "hours"}
Body = Mapping[str, Any]
SORTS: Mapping[str, Callable[[Body], Any]] = {
    "-value": lambda point: (-(point["value"] or 0), point["label"]),
    "value": lambda point: (point["value"] or 0, point["label"]),
    "label": lambda point: point["label"],
}


class Answering:
    """Asks the metrics."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def checked(self, command: Any) -> Prepared:
        """Refuse a template that asks what no metric answers, naming the place. Raises Invalid."""
        if isinstance(command, SaveTemplate):
            errors = [e for place, query in enumerate(command.queries) for e in _wrong(query, place)]
            if errors:
                raise Invalid(*errors)
        return Prepared(command)

    def __call__(
        self, query: Query, as_of: datetime, known_at: datetime, teams: tuple[str, ...] = ()
    ) -> Answer:
        """Return the answer, limited to `teams` if there are any.

        Raises Invalid or NotFound for what the metric does not have, Denied for what is kept from the teams.
        """
        metric = metric_of(query.metric, query.metric_version)
        question = replace(question_of(query, Until(as_of, known_at), as_of), teams=teams)
        return answer_of(query, body_of(measured(metric, question, self._reader)))


def read_for(template: ReportTemplateSaved, as_of: datetime) -> set[str]:
    """Return the projections that a page is read from. Raises Invalid or NotFound as its answers do."""
    asked = ((metric_of(q.metric, q.metric_version), q) for q in template.queries)
    return {name for m, q in asked for name in reads(m, question_of(q, Until(as_of), as_of))}


def question_of(query: Query, until: Until, as_of: datetime) -> Question:
    """Return what is asked of the metric. Raises Invalid."""
    window, scope = window_of(query, as_of), scope_of(query.scope)
    return Question(window, until, scope, query.by, query.currency, query.parameters)


def _wrong(query: Query, place: int) -> Iterable[FieldError]:
    at = f"/queries/{place}"
    try:
        check(metric_of(query.metric, query.metric_version), question_of(query, Until(), now()))
    except NotFound as error:
        yield FieldError(f"{at}/metric", str(error))
    except Invalid as error:
        for wrong in error.errors:
            yield FieldError(f"{at}/{wrong.pointer.removeprefix('?')}", wrong.detail)


def answer_of(query: Query, body: Body) -> Answer:
    """Return a metric's answer as rows."""
    value = column_of(body)
    name = query.title or body["title"]
    if query.by is None:
        return Answer(name, (value,), ((body["value"],),), _note(body))
    cells, counted = cells_of(body), _counted(body)
    points = _kept(query, counted)
    columns = (Column(query.by), value, Column("n", "count"), *_columns(cells, value))
    rows = tuple((_label(p), p["value"], p["n"], *_row(p, cells)) for p in points)
    left = len(counted) - len(points)
    return Answer(name, columns, rows, f"{body['formula']}{f'; {left} more' if left else ''}")


def column_of(body: Body) -> Column:
    """Return the column of a metric's values."""
    unit = str(body.get("currency") or "number") if body["unit"].startswith("money") else body["unit"]
    return Column(body["title"], UNITS.get(unit, unit if unit.isupper() else "number"))


def chart_of(body: Body) -> Answer:
    """Return a metric's points, or its value alone, as what a chart draws."""
    asked = body["parameters"]
    points = _counted(body) or [{**body, "label": asked["scope"]}]
    cells, value = cells_of(body), column_of(body)
    rows = tuple((_label(point), point["value"], *_row(point, cells)) for point in points)
    drawn = replace(value, name=f"{value.name}{limit_of(body.get('limited_to', ()))}")
    return Answer(body["title"], (Column(asked["by"] or "scope"), drawn, *_columns(cells, value)), rows)


def _counted(body: Body) -> Sequence[Body]:
    """Return the points; of a table those of nobody are left out, such as the cohorts of other years."""
    return [point for point in body["points"] if point["n"] or "along" not in body]


def _label(point: Body) -> str:
    return point["label"] or "(none)"


def _columns(cells: Iterable[str], value: Column) -> Iterable[Column]:
    return (Column(name.replace("_", " "), value.unit, cell=True) for name in cells)


def _row(point: Body, cells: Iterable[str]) -> Iterable[Any]:
    return (point.get("detail", {}).get(name) for name in cells)


def _kept(query: Query, points: Sequence[Body]) -> Sequence[Body]:
    if query.by in PERIODS:
        return points
    return sorted(points, key=SORTS[query.sort])[: query.limit]


def _note(body: Body) -> str:
    """Tell what a value was made of, or why there is none."""
    if body["value"] is None:
        return str(body["reason"])
    if body["denominator"] is None:
        return str(body["formula"])
    unit = column_of(body).unit
    above = shown(body["numerator"], unit) if body["unit"].startswith("money") else body["numerator"]
    return f"{body['formula']}: {above} of {body['denominator']}"
