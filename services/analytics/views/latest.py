"""Pure pieces of folds that come out the same in every order of arrival."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.events import Event

State = Mapping[str, Any]


def later(known: State | None, event: Event) -> bool:
    """Tell whether the event is later than what is known, by (occurred_at, event id)."""
    return known is None or (event.occurred_at, event.id) > (known["at"], known["by"])


def stamp(event: Event, **values: Any) -> dict[str, Any]:
    """Return values with the moment and the event they come from."""
    return {**values, "at": event.occurred_at, "by": event.id}


def added(counts: State | None, **steps: int) -> dict[str, int]:
    """Return the counters with these steps added."""
    known = dict(counts or {})
    for name, step in steps.items():
        known[name] = known.get(name, 0) + step
    return known


def latest(known: datetime | None, moment: datetime) -> datetime:
    """Return the later of two moments."""
    return moment if known is None or moment > known else known


def earliest(known: datetime | None, moment: datetime) -> datetime:
    """Return the earlier of two moments."""
    return moment if known is None or moment < known else known


def with_item(state: State, field: str, key: str, value: Any) -> dict[str, Any]:
    """Return the state with `state[field][key]` set, or removed when `value` is None."""
    items = {k: v for k, v in state.get(field, {}).items() if k != key}
    if value is not None:
        items[key] = value
    return {**state, field: items}
