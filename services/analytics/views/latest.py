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


def month_of(event: Event) -> str:
    """Return the month in which the event happened, such as 2011-06."""
    return f"{event.occurred_at:%Y-%m}"


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


def with_new(state: State, field: str, key: str, item: State, most: int) -> dict[str, Any]:
    """Return the state with one item more in `state[field]`, of which the `most` that began last are kept.

    An item begins at its `at`, which never changes; so the ones kept are the same in every order of arrival.
    """
    items = {**state.get(field, {}), key: item}
    if len(items) > most:
        first = min(items, key=lambda k: (items[k]["at"], k))
        items = {k: v for k, v in items.items() if k != first}
    return {**state, field: items}


def with_change(state: State, field: str, key: str, **values: Any) -> dict[str, Any]:
    """Return the state with values of one item changed; of an item that is not kept nothing is noted."""
    items = state.get(field, {})
    if key not in items:
        return dict(state)
    return {**state, field: {**items, key: {**items[key], **values}}}
