"""Requests per key: a generous bound that keeps one caller from starving the others."""

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from shared.http.problem import Problem


class RateLimit:
    """Counts requests of each principal in this process, such as `1000/second`."""

    def __init__(self, rate: str) -> None:
        self._item: RateLimitItem = parse(rate)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def spend(self, principal: str) -> None:
        """Count one request. Raises: Problem 429 with Retry-After in seconds."""
        if self._limiter.hit(self._item, principal):
            return
        reset = self._limiter.get_window_stats(self._item, principal).reset_time
        wait = max(1, round(reset - time.time()))
        raise Problem(429, f"More than {self._item}.", kind="rate-limit", headers={"Retry-After": str(wait)})
