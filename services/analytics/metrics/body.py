"""What an answer to a question of a metric says."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from services.analytics.metrics.engine import Measured
from services.analytics.metrics.limit import limited
from services.analytics.metrics.metric import Figure, Metric, Number

Body = dict[str, Any]


def body_of(found: Measured) -> Body:
    """Return the answer's form: numbers rounded to six decimals, money to whole minor units."""
    metric, question = found.metric, found.question
    return {
        "metric": metric.id, "version": metric.version, "title": metric.title, "unit": metric.unit,
        "formula": metric.formula, "owner": metric.owner, "group": metric.group,
        "parameters": _parameters(found), **_figure(metric, found.figure),
        "points": [
            {"label": p.label, "from": p.window.since, "to": p.window.to, **_figure(metric, p.figure)}
            for p in found.points
        ],
        **({"currency": question.currency, "currencies": found.currencies} if metric.money else {}),
        **limited(question.teams),
        **({"along": metric.along} if metric.along else {}),
    }  # fmt: skip


def _parameters(found: Measured) -> Body:
    question = found.question
    return {
        "from": question.window.since, "to": question.window.to, **asdict(question.until),
        "scope": str(question.scope), "by": question.by,
        **{**found.metric.parameters, **question.parameters, **_applied(found)},
    }  # fmt: skip


def _applied(found: Measured) -> Mapping[str, Any]:
    """Return the parameters that the measurement settled itself, such as the days after which one is lost."""
    return {name: value for name, value in found.figure.detail.items() if name in found.metric.parameters}


def _figure(metric: Metric, figure: Figure) -> Body:
    detail = figure.detail
    return {
        "value": _number(figure.value, metric), "numerator": _number(figure.numerator),
        "denominator": _number(figure.denominator), "n": figure.n,
        **({"reason": figure.reason} if figure.value is None else {}),
        **({"detail": {name: _number(value, metric) for name, value in detail.items()}} if detail else {}),
    }  # fmt: skip


def _number(value: Any, metric: Metric | None = None) -> Any:
    if not isinstance(value, Fraction):
        return value
    if metric is not None and metric.unit.startswith("money"):
        return _half_up(value)
    return round(float(value), 6)


def _half_up(value: Number) -> int:
    """Return a number rounded to the nearest whole one, halves away from zero."""
    size = int(abs(Fraction(value)) + Fraction(1, 2))
    return size if value >= 0 else -size
