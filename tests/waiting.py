"""Wait on a condition instead of sleeping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], timeout: float = 30.0, pause: float = 0.02) -> T:
    """Return the first truthy answer of `look`; fail with its last answer after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        last: object = None
        try:
            answer = look()
            if answer:
                return answer
            last = answer
        except Exception as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s; last seen: {last!r}")
        time.sleep(pause)
