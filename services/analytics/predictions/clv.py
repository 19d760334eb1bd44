"""Customer lifetime value: what somebody will bring, in today's money."""

from collections.abc import Callable

WEEKS_A_YEAR = 365.25 / 7


def discounted(expected: Callable[[float], float], value: float, weeks: int, yearly: float) -> float:
    """Return the sum over weeks of (purchases expected in that week) * value / (1 + d) ** week.

    `expected(t)` are the purchases until week t, `yearly` the discount rate of a year.
    Fader, Hardie and Lee (2005): RFM and CLV, Journal of Marketing Research 42(4), in discrete time.
    """
    weekly = (1 + yearly) ** (1 / WEEKS_A_YEAR)
    total, before = 0.0, 0.0
    for week in range(1, weeks + 1):
        until = expected(week)
        total += (until - before) / weekly**week
        before = until
    return total * value
