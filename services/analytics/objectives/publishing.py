"""Publish the formulas of this release, once each: whoever follows the log knows what a figure meant."""

from services.analytics.domain.metric import Formulas, PublishMetric
from services.analytics.metrics import METRICS
from services.analytics.metrics.metric import Metric
from shared.decide import Context, Streams
from shared.events import Meta
from shared.events.clock import Clock
from shared.events.ids import derived


def publish(streams: Streams[Formulas], clock: Clock) -> int:
    """Publish what is new; return how many. Raises Conflict when a published formula was changed."""
    known = streams.load(sorted({metric.id for metric in METRICS}), fresh=True)
    new = [metric for metric in METRICS if _news(metric, known[metric.id].state)]
    for metric in new:
        name = derived("formula", metric.id, str(metric.version))
        meta = Meta(name, derived("correlation", name), actor="system:release")
        streams.handle(metric.id, _command(metric), Context(clock(), meta))
    return len(new)


def _news(metric: Metric, known: Formulas) -> bool:
    before = known.versions.get(metric.version)
    return before is None or before.formula != metric.formula


def _command(metric: Metric) -> PublishMetric:
    said = (metric.title, metric.formula, metric.unit, metric.inputs, metric.owner)
    return PublishMetric(metric.id, metric.version, *said)
