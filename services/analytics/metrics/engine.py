"""Answer a metric: one reading gives the value, every point, and what is exported or drawn of it (A-5)."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.analytics.metrics.joint import Part
from services.analytics.metrics.limit import check_limit
from services.analytics.metrics.metric import Figure, Metric, Person, Row
from services.analytics.metrics.question import GROUPS, PERIODS, Question, Scope, Window
from services.analytics.metrics.reader import TOLD_BY, Reader
from shared.errors import FieldError, Invalid

MOST_VALUES = 1_000


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a series: a period or a value of a dimension, and what was measured there."""

    label: str
    window: Window
    figure: Figure


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric, the question as it was understood, and what came out."""

    metric: Metric
    question: Question
    figure: Figure
    points: tuple[Point, ...] = ()
    currencies: tuple[str, ...] = ()


def measured(metric: Metric, question: Question, reader: Reader) -> Measured:
    """Measure. Raises Invalid for what the metric does not have, Denied for what is kept from the teams."""
    items, kept, asked, currencies = settled(metric, question, reader)
    split = items if question.by == "currency" else kept
    return Measured(
        metric,
        asked,
        metric.measure(kept, asked),
        tuple(_points(metric, asked, split, reader)) if question.by else (),
        currencies,
    )


Settled = tuple[Sequence[Any], Sequence[Any], Question, tuple[str, ...]]


def settled(metric: Metric, question: Question, reader: Reader) -> Settled:
    """Return the items of a question, those in its currency, the question with it, and all currencies.

    Raises Invalid for what the metric does not have, Denied for what is kept from the question's teams.
    """
    check(metric, question)
    read = replace(question, by="customer") if question.by in GROUPS else question
    items = metric.source.read(reader, read)
    currencies = _currencies(items) if metric.money else ()
    asked = _in_currency(question, currencies)
    return items, _of_currency(items, asked.currency) if metric.money else items, asked, currencies


def reads(metric: Metric, question: Question) -> tuple[str, ...]:
    """Return the projections that the answer to a question is read from, those that tell groups included."""
    named = (question.scope.dimension, question.by or "")
    groups = (name for dimension in named for name in TOLD_BY.get(dimension, ()))
    return tuple(dict.fromkeys((*metric.source.reads, *groups)))


def check(metric: Metric, question: Question) -> None:
    """Raise Invalid for a scope, split, currency or parameter that the metric does not have.

    Raises Denied for what the question's teams leave out.
    """
    check_limit(metric, question)
    scope, by = question.scope.dimension, question.by
    if scope not in metric.scopes:
        raise Invalid(FieldError("?scope", f"{metric.id} has the scopes {', '.join(metric.scopes)}"))
    periods = PERIODS if metric.source.periods else ()
    splits = (*periods, *metric.source.dimensions)
    if by and by not in splits:
        raise Invalid(FieldError("?by", f"{metric.id} can be split by {', '.join(splits)}"))
    unknown = sorted(question.parameters.keys() - metric.parameters.keys())
    if unknown:
        raise Invalid(*(FieldError(f"?{name}", f"is no parameter of {metric.id}") for name in unknown))
    for name, value in question.parameters.items():
        _check_parameter(name, value, metric.parameters[name])
    if question.currency and not metric.money:
        raise Invalid(FieldError("?currency", f"{metric.id} is not a matter of money"))


def _check_parameter(name: str, value: Any, default: Any) -> None:
    kind = (int, float) if isinstance(default, float) else type(default)
    if isinstance(value, bool) or not isinstance(value, kind):
        raise Invalid(FieldError(f"?{name}", f"needs to be like {default!r}"))


def _points(metric: Metric, question: Question, items: Sequence[Any], reader: Reader) -> Iterable[Point]:
    source, by = metric.source, str(question.by)
    if by in PERIODS:
        periods = list(question.window.split(by))
        parts = source.within(items, [window for _, window in periods])
        for (label, window), part in zip(periods, parts, strict=True):
            yield Point(label, window, metric.measure(part, question.within(window)))
        return
    if by in GROUPS:
        for name, roots in sorted(reader.groups(by, question.until).items()):
            yield Point(name, question.window, metric.measure(_of_roots(items, roots), question))
        return
    values = source.values_of(items, by)
    if len(values) > MOST_VALUES:
        raise Invalid(FieldError("?by", f"has more than {MOST_VALUES} values here: narrow the scope"))
    for value in values:
        part = source.narrowed(items, Scope(by, value))
        yield Point(value, question.window, metric.measure(part, question))


def _of_roots(items: Sequence[Any], roots: Collection[str]) -> Sequence[Any]:
    """Return the items of some customers."""
    parts = [replace(item, items=_of_roots(item.items, roots)) for item in items if isinstance(item, Part)]
    return parts or [i for i in items if (i.root if isinstance(i, Person) else i.customer) in roots]


def _rows(items: Sequence[Any]) -> Iterable[Row]:
    for item in items:
        if isinstance(item, Part):
            yield from _rows(item.items) if item.money else ()
        else:
            yield from item.rows if isinstance(item, Person) else (item,)


def _currencies(items: Sequence[Any]) -> tuple[str, ...]:
    """Return the currencies of the items, the most frequent first."""
    counts = Counter(row.dims["currency"] for row in _rows(items) if row.dims.get("currency"))
    return tuple(sorted(counts, key=lambda currency: (-counts[currency], currency)))


def _in_currency(question: Question, currencies: Sequence[str]) -> Question:
    if question.currency or not currencies:
        return question
    return replace(question, currency=currencies[0])


def _of_currency(items: Sequence[Any], currency: str | None) -> Sequence[Any]:
    def counts(row: Row) -> bool:
        return row.dims.get("currency") in (None, "", currency)

    kept: list[Any] = []
    for item in items:
        if isinstance(item, Part):
            kept.append(replace(item, items=_of_currency(item.items, currency)) if item.money else item)
        elif isinstance(item, Person):
            person = Person(item.root, tuple(filter(counts, item.rows)))
            kept += [person] if person.rows else []
        else:
            kept += [item] if counts(item) else []
    return kept
