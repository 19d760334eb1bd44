"""Checking one channel event: the contract, marshmallow alone, a bare compiled JSON Schema."""

import time
from collections.abc import Callable
from typing import Any

import fastjsonschema

from shared.contracts.catalogue import CATALOGUE
from shared.contracts.contract import FORMATS
from tests.bench.repeats import alternate
from tests.bench.report import Report, at_most
from tests.bench.samples import TYPES, channel_events
from tests.bench.world import Measure, World

LIMIT, OURS, MARSHMALLOW = "fastjsonschema, bare", "Contract.check", "marshmallow load"
BIGGEST = "Contract.check, orders only"
Check = Callable[[str, Any], Any]


def take(world: World) -> Report:
    """Check the same events in every way, in microseconds of one event."""
    events = [(e["type"], e["data"]) for e in channel_events(world.size(20_000), world.seed)]
    orders = [event for event in events if "order_placed" in event[0]]
    bare = {kind: _compiled(kind) for kind in TYPES}
    trials = {
        LIMIT: lambda: _each(events, lambda kind, data: bare[kind](data)),
        OURS: lambda: _each(events, lambda kind, data: CATALOGUE[kind].check(data)),
        BIGGEST: lambda: _each(orders, lambda kind, data: CATALOGUE[kind].check(data)),
        MARSHMALLOW: lambda: _each(events, lambda kind, data: CATALOGUE[kind].schema.load(data)),
    }
    readings = alternate(trials, max(world.repeats, 3), world.say)
    ours = next(r.value for r in readings if r.name == OURS)
    goals = (at_most("at most 15 µs for one event", ours, 15, "µs"),)
    note = "half page views, the rest orders of one to four lines, calls and tickets; two identifiers each"
    return Report(MEASURE.says, "µs", readings, goals, LIMIT, (note,))


def _each(events: list[tuple[str, Any]], check: Check) -> float:
    for kind, data in events[:100]:
        check(kind, data)
    begun = time.perf_counter()
    for kind, data in events:
        check(kind, data)
    return (time.perf_counter() - begun) / len(events) * 1e6


def _compiled(kind: str) -> Callable[[Any], Any]:
    schema = {**CATALOGUE[kind].json_schema, "$schema": "http://json-schema.org/draft-07/schema#"}
    schema.pop("$id")
    compiled: Callable[[Any], Any] = fastjsonschema.compile(schema, formats=FORMATS, use_default=False)
    return compiled


MEASURE = Measure("validation", "Validation of one channel event", take)
