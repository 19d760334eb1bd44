"""How long what an event says of a person may be shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.events.clock import parse_rfc3339

KEEP_UNTIL = "keep_until"
EXPIRED = "(removed: kept as long as it may be)"


def over(data: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether the personal values of an event were kept as long as their declaration allows."""
    until = data.get(KEEP_UNTIL)
    return until is not None and _moment(until) <= now


def kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return how long the personal values of an event are kept, for `over` to ask; nothing when for good."""
    return {KEEP_UNTIL: data[KEEP_UNTIL]} if data.get(KEEP_UNTIL) else {}


def _moment(told: Any) -> datetime:
    return told if isinstance(told, datetime) else parse_rfc3339(told)
