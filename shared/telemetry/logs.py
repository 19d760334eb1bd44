"""One JSON object per line on standard output, each with the correlation id of the work it belongs to."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, reset_contextvars
from structlog.typing import EventDict, FilteringBoundLogger, Processor

_SHARED = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.format_exc_info,
)


def configure(service: str, level: str = "info") -> None:
    """Send this process's logs, and those of the libraries from `warning` up, to standard output as JSON."""
    threshold = logging.getLevelNamesMapping()[level.upper()]

    def name_service(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    structlog.configure(
        processors=[*_SHARED, name_service, structlog.processors.JSONRenderer(serializer=_dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    _capture_libraries(name_service, max(threshold, logging.WARNING))


def get(name: str) -> FilteringBoundLogger:
    """A logger whose lines carry `component: name`; a call's first argument is the event's fixed name."""
    return structlog.get_logger(component=name)  # type: ignore[no-any-return]


def bind(**values: str) -> None:
    """Add values to every line of the current greenlet or thread until `clear`."""
    bind_contextvars(**values)


def clear() -> None:
    """Forget what `bind` added. Spawned greenlets inherit nothing, so each binds and clears its own."""
    clear_contextvars()


@contextmanager
def bound(**values: str) -> Iterator[None]:
    """Add values to every line logged inside the block."""
    tokens = bind_contextvars(**values)
    try:
        yield
    finally:
        reset_contextvars(**tokens)


def _capture_libraries(name_service: Processor, threshold: int) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, _name_library, name_service],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_dumps),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)


def _name_library(_logger: Any, _method: str, event: EventDict) -> EventDict:
    event["component"] = event["_record"].name
    return event


def _dumps(event: Any, **_ignored: Any) -> str:
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()
