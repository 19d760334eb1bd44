"""The catalogue of metrics. A metric more is its value in the module of its family, and nothing else."""

from collections.abc import Iterable

from services.analytics.metrics.acquisition import ACQUISITION_METRICS
from services.analytics.metrics.agreements import AGREEMENT_METRICS
from services.analytics.metrics.campaigns import CAMPAIGN_METRICS
from services.analytics.metrics.closings import CLOSING_METRICS
from services.analytics.metrics.credits import ATTRIBUTION_METRICS
from services.analytics.metrics.customers import CUSTOMER_METRICS
from services.analytics.metrics.forecast import FORECAST_METRICS
from services.analytics.metrics.leads import LEAD_METRICS
from services.analytics.metrics.metric import Metric
from services.analytics.metrics.openings import OPENING_METRICS
from services.analytics.metrics.operations import OPERATION_METRICS
from services.analytics.metrics.promises import PROMISE_METRICS
from services.analytics.metrics.quality import QUALITY_METRICS
from services.analytics.metrics.quotes import QUOTE_METRICS
from services.analytics.metrics.returning import RETURNING_METRICS
from services.analytics.metrics.revenue import REVENUE_METRICS
from services.analytics.metrics.service import SERVICE_METRICS
from services.analytics.metrics.surveys import SURVEY_METRICS
from services.analytics.metrics.worth import WORTH_METRICS
from shared.errors import NotFound

METRICS: tuple[Metric, ...] = (
    *REVENUE_METRICS,
    *CUSTOMER_METRICS,
    *RETURNING_METRICS,
    *WORTH_METRICS,
    *CLOSING_METRICS,
    *OPENING_METRICS,
    *FORECAST_METRICS,
    *LEAD_METRICS,
    *QUOTE_METRICS,
    *PROMISE_METRICS,
    *AGREEMENT_METRICS,
    *ACQUISITION_METRICS,
    *CAMPAIGN_METRICS,
    *ATTRIBUTION_METRICS,
    *SERVICE_METRICS,
    *SURVEY_METRICS,
    *OPERATION_METRICS,
    *QUALITY_METRICS,
)


def newest(metrics: Iterable[Metric] = METRICS) -> list[Metric]:
    """Return the newest version of every metric, by id."""
    found: dict[str, Metric] = {}
    for metric in sorted(metrics, key=lambda m: (m.id, m.version)):
        found[metric.id] = metric
    return list(found.values())


def metric_of(metric_id: str, version: int | None = None) -> Metric:
    """Return a metric, the newest version unless one is named. Raises NotFound."""
    versions = {m.version: m for m in METRICS if m.id == metric_id}
    if not versions:
        raise NotFound(f"there is no metric {metric_id}")
    if version is not None and version not in versions:
        raise NotFound(f"there is no version {version} of {metric_id}")
    return versions[version or max(versions)]
