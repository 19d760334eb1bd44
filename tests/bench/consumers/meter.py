"""Counts what a consumer has handled and tells the rate on standard output, once."""

import json
import sys
import time
from typing import Any

import orjson

from shared.contracts.catalogue import CATALOGUE


class Meter:
    """The clock runs from the first call, whose events do not count, to the one that completes `total`."""

    def __init__(self, total: int) -> None:
        self._total, self._seen, self._first = total, 0, 0
        self._begun = 0.0

    def add(self, count: int) -> bool:
        """Count events; report and return True when all are there."""
        if not self._seen:
            self._begun, self._first = time.perf_counter(), count
        self._seen += count
        if self._seen < self._total:
            return False
        spent = time.perf_counter() - self._begun
        sys.stdout.write(json.dumps({"rate": (self._seen - self._first) / spent}) + "\n")
        sys.stdout.flush()
        return True


def check(kind: str, data: Any) -> None:
    """Check a decoded event, the same for every contender."""
    CATALOGUE[kind].check(data)


def check_bytes(kind: str, body: bytes) -> None:
    """Decode and check an event."""
    CATALOGUE[kind].check(orjson.loads(body))
