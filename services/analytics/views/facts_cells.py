"""Day cells: additive quantities by the day they happened and the day they were recorded, and by dimensions.

Their number grows with days and dimensions, not with events, so a question over a year costs the same however
many events there were. `cells` holds those of the company, `people` those of each customer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from services.analytics.views.facts import Data, Fact, day_of, fact_of
from services.analytics.views.facts_kinds import KIND_OF
from services.analytics.views.latest import added
from shared.events import Event
from shared.project.projection import Projection, View

Sums = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Measure:
    """What one fact adds. `parts` splits it along a dimension of its lines: category -> quantities."""

    kind: str
    dims: Mapping[str, str]
    values: Sums
    parts: Mapping[str, Sums] = field(default_factory=dict)


Measuring = Callable[[Fact], Measure]


def _order(column: str, money: str) -> Measuring:
    def measure(fact: Fact) -> Measure:
        data, amount = fact.data, fact.data["money"]
        dims = {
            "channel": fact.channel, "country": data.get("country") or "",
            "campaign": data.get("campaign_id") or "", "currency": amount["currency"],
        }  # fmt: skip
        return Measure("order", dims, {column: 1, money: amount["amount"]}, _categories(data, money))

    return measure


def _categories(data: Data, money: str) -> dict[str, Sums]:
    parts: dict[str, Sums] = {}
    for _, category, quantity, amount in data.get("lines", ()):
        parts[category] = added(parts.get(category), **{f"{money}_units": quantity, money: amount})
    return parts


MEASURES: Mapping[str, Measuring] = {
    "OrderPlaced": _order("orders", "gross"),
    "OrderReturned": _order("returns", "returned"),
    "OrderCancelled": _order("cancellations", "cancelled"),
}
TYPES_OF: dict[str, tuple[str, ...]] = {"order": ("OrderPlaced", "OrderReturned", "OrderCancelled")}
PERSONAL = ("order",)


def measure_of(event: Event) -> tuple[Fact, Measure]:
    """Return what is kept of an event, and what it adds."""
    fact = fact_of(event, KIND_OF[event.type].kept[event.type])
    return fact, MEASURES[event.type](fact)


def key_of(event: Event) -> str | None:
    """Return the key of the cell that an event belongs to; None when its kind leaves it out."""
    return None if KIND_OF[event.type].key(event) is None else _key(*measure_of(event))


def _key(fact: Fact, measure: Measure) -> str:
    dims = (quote(measure.dims[name], safe=" ") for name in sorted(measure.dims))
    return "|".join((measure.kind, day_of(fact.at), day_of(fact.recorded_at), *dims))


def project(view: View | None, event: Event) -> dict[str, Any]:
    """Add an event to its cell."""
    fact, measure = measure_of(event)
    days = {"kind": measure.kind, "day": day_of(fact.at), "rday": day_of(fact.recorded_at)}
    return with_measure(view or {**days, "dims": measure.dims}, measure)


def with_measure(cell: View, measure: Measure) -> dict[str, Any]:
    """Return the cell with what a fact adds."""
    parts = dict(cell.get("parts", {}))
    for name, values in measure.parts.items():
        parts[name] = added(parts.get(name), **values)
    return {**cell, "values": added(cell.get("values"), **measure.values), "parts": parts}


def project_person(view: View | None, event: Event) -> dict[str, Any]:
    """Add an event to its cell among those of the customer; the ref it named is part of the cell's key."""
    fact, measure = measure_of(event)
    key = f"{_key(fact, measure)}|{fact.customer}"
    cells = {cell["key"]: cell for cell in (view or {}).get("cells", ())}
    days = {"kind": measure.kind, "day": day_of(fact.at), "rday": day_of(fact.recorded_at)}
    new = {"key": key, "ref": fact.customer, **days, "dims": measure.dims}
    cells[key] = with_measure(cells.get(key, new), measure)
    return {"cells": [cells[key] for key in sorted(cells)]}


CELLS = Projection("cells", 1, frozenset(MEASURES), project, key_of, ((("kind", 1), ("day", 1)),))
PEOPLE = Projection("people", 1, frozenset(t for kind in PERSONAL for t in TYPES_OF[kind]), project_person)
