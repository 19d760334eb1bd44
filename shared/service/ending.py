"""How a greenthread is brought to its end."""

from contextlib import suppress
from typing import Any

import eventlet
from greenlet import GreenletExit


def end(thread: Any, seconds: float) -> None:
    """Give a thread `seconds` to end by itself, then kill it."""
    with eventlet.Timeout(seconds, False), suppress(GreenletExit):
        thread.wait()
    thread.kill()
