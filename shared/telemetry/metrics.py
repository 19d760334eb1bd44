"""The numbers a process exports on `/metrics`. Labels are bounded: routes, outcomes, never customers."""

from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _counter(name: str, text: str, *labels: str) -> Counter:
    return Counter(f"rapport_{name}", text, labels, registry=REGISTRY)


def _gauge(name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"rapport_{name}", text, labels, registry=REGISTRY)


def _histogram(name: str, text: str, *labels: str) -> Histogram:
    return Histogram(f"rapport_{name}", text, labels, buckets=_SECONDS, registry=REGISTRY)


HTTP_REQUESTS: Final = _counter("http_requests", "HTTP requests answered", "method", "route", "status")
HTTP_SECONDS: Final = _histogram("http_request_seconds", "Seconds from request to answer", "method", "route")
EVENTS_APPENDED: Final = _counter("events_appended", "Events committed to the service's own log")
APPEND_SECONDS: Final = _histogram("append_seconds", "Seconds a grouped append took to commit")
APPEND_ABORTS: Final = _counter("append_aborts", "Append transactions aborted and tried again")
EVENTS_PUBLISHED: Final = _counter("events_published", "Events the broker has confirmed")
RELAY_LAG: Final = _gauge("relay_lag_events", "Events in the log that the broker has not confirmed yet")
EVENTS_CONSUMED: Final = _counter(
    "events_consumed", "Events taken from a queue, by what became of them", "outcome"
)
QUARANTINED: Final = _counter("quarantined", "Events put into quarantine")
JOURNAL_LAG: Final = _gauge(
    "journal_lag_events", "Events in a source's log that the journal misses", "source"
)
FOLD_LAG: Final = _gauge("fold_lag_events", "Journal entries a projection has not folded yet", "projection")
WEBHOOK_DELIVERIES: Final = _counter("webhook_deliveries", "Attempts to deliver to webhooks", "outcome")
SEGMENT_DIFFERENCES: Final = _gauge(
    "segment_differences", "Customers in whom a living segment differs from full evaluation", "segment"
)
PARKED_EVENTS: Final = _counter("parked_events", "Events a projection could not take", "projection")
LOOP_FAILURES: Final = _counter("loop_failures", "Errors a long-running loop has caught and survived", "loop")

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """All metrics of this process in the Prometheus text format."""
    return generate_latest(REGISTRY)
