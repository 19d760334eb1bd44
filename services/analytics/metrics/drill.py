"""The events behind a value, page by page (A-5)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.analytics.metrics.metric import Behind, Metric
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader
from shared.days import DAY

Place = tuple[str, str, str]
LONGEST = 32 * DAY


def behind(
    metric: Metric, question: Question, reader: Reader, after: Place | None, limit: int
) -> list[Behind]:
    """Return up to `limit` facts behind a value after a place, by day, moment and id."""
    found: list[Behind] = []
    reach = metric.source.reach(reader, question)
    for chunk in _chunks(reach, after) if metric.source.periods else (reach.window,):
        facts = metric.source.behind(reader, question.within(chunk), metric.inputs)
        found += sorted((f for f in facts if after is None or place_of(f) > after), key=place_of)
        if len(found) >= limit:
            break
    return found[:limit]


def place_of(found: Behind) -> Place:
    """Return where a fact stands among those behind a value."""
    day, _, fact = found
    return day, fact.at.isoformat(), fact.id


def shown(found: Behind) -> dict[str, Any]:
    """Return the answer's form of a fact."""
    _, entity, fact = found
    return {
        "id": fact.id, "type": fact.type, "at": fact.at, "recorded_at": fact.recorded_at,
        "stream": entity.stream, "customer": fact.customer, "channel": fact.channel, "data": fact.data,
    }  # fmt: skip


def _chunks(question: Question, after: Place | None) -> Iterator[Window]:
    """Yield the window in pieces that grow, so that the first page is quick and empty stretches are too."""
    since, length = question.window.since, DAY
    if after is not None:
        since = max(since, datetime.fromisoformat(f"{after[0]}T00:00:00+00:00"))
    while since < question.window.to:
        end = since.replace(hour=0, minute=0, second=0, microsecond=0) + length
        yield Window(since, min(end, question.window.to))
        since, length = end, min(length * 2, LONGEST)
