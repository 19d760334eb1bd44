"""Metric: which formulas there have been, in versions, and who answers for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from shared.decide.decider import Decider
from shared.errors import Conflict, NotFound
from shared.values import Code, Id, Length, Positive, Text

Inputs = Annotated[tuple[Code, ...], Length(0, 100)]


@dataclass(frozen=True, slots=True)
class PublishMetric:
    """Publish a version of a metric: comes from the catalogue of this release."""

    metric_id: Id
    version: Positive
    title: Text
    formula: Text
    unit: Code
    inputs: Inputs
    owner: Code


@dataclass(frozen=True, slots=True)
class RetireMetric:
    """Use the metric in no new objective or report; it can still be computed."""

    metric_id: Id


@dataclass(frozen=True, slots=True)
class MetricPublished:
    """There is a version of a metric."""

    metric_id: Id
    version: Positive
    title: Text
    formula: Text
    unit: Code
    inputs: Inputs
    owner: Code


@dataclass(frozen=True, slots=True)
class MetricRetired:
    """The metric is out of use."""

    metric_id: Id


@dataclass(frozen=True, slots=True)
class Formulas:
    """A metric and its published versions."""

    status: Literal["unknown", "published", "retired"] = "unknown"
    versions: Mapping[int, MetricPublished] = field(default_factory=dict)


def decide(formulas: Formulas, command: Any) -> list[Any]:
    """Return what the command brings about; a published formula never changes. Raises Rejected."""
    if isinstance(command, RetireMetric):
        return _retire(formulas, command)
    names = MetricPublished.__dataclass_fields__
    published = MetricPublished(**{name: getattr(command, name) for name in names})
    known = formulas.versions.get(command.version)
    if known and known.formula != published.formula:
        raise Conflict(
            f"version {command.version} of {command.metric_id} has another formula: publish the next"
        )
    return [] if known else [published]


def _retire(formulas: Formulas, command: RetireMetric) -> list[Any]:
    if formulas.status == "unknown":
        raise NotFound(f"metric {command.metric_id} is not known")
    return [MetricRetired(command.metric_id)] if formulas.status == "published" else []


def evolve(formulas: Formulas, event: Any) -> Formulas:
    """Return the metric after the event."""
    if isinstance(event, MetricRetired):
        return Formulas("retired", formulas.versions)
    return Formulas("published", {**formulas.versions, event.version: event})


METRIC = Decider(
    category="metric",
    service="analytics",
    initial=Formulas(),
    decide=decide,
    evolve=evolve,
    events=(MetricPublished, MetricRetired),
    commands={"retire": RetireMetric},
)
