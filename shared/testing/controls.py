"""Example builders: moments, metas and channel events for tests and demonstrations."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from shared.contracts.catalogue import CATALOGUE
from shared.contracts.examples import example
from shared.events import Meta
from shared.identity.identifiers import identifiers_of
from shared.receive import Heard

WHEN = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def moment(days: float = 0, hours: float = 0) -> datetime:
    """Return a moment this long after the first of May 2026, ten o'clock."""
    return WHEN + timedelta(days=days, hours=hours)


def meta(**fields: Any) -> Meta:
    """Return a meta with the fields given."""
    return replace(Meta("command-1", "correlation-1"), **fields)


def heard(type_: str, data: Mapping[str, Any] | None = None, **fields: Any) -> Heard:
    """Return a channel event its contract accepts; without `data` it is the example of its type."""
    accepted = CATALOGUE[type_].check(example(CATALOGUE[type_].payload) if data is None else dict(data))
    known: dict[str, Any] = {
        "id": "1",
        "source": "test",
        "time": WHEN,
        "fingerprint": sha256(orjson.dumps(accepted, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        "identifiers": identifiers_of(accepted.get("customer")),
    }
    return Heard(type=type_, data=accepted, **(known | fields))
