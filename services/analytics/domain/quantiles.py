"""The points that cut customers into shares, and the scores these give: RFM in one place. Pure.

Blattberg, Kim & Neslin, Database Marketing (2008), ch. 12. Metrics over a window and standings over all time
rate by these functions; what goes into R, F and M is told in docs/services/analytics-metrics.md.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor

Points = Sequence[int | Fraction]
FIFTHS = (20, 40, 60, 80)


def quantile(values: Sequence[int], share: Fraction) -> Fraction:
    """Return a quantile, interpolated between the two nearest values (Hyndman & Fan 1996, type 7)."""
    ordered, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def cuts(values: Sequence[int], percent: Sequence[int] = FIFTHS) -> tuple[Fraction, ...]:
    """Return the points at these percentages of the values; none of no values."""
    return tuple(quantile(values, Fraction(share, 100)) for share in percent) if values else ()


def whole(points: Iterable[Fraction]) -> tuple[int, ...]:
    """Return the points rounded down: no whole value lies between, so they rank alike."""
    return tuple(map(floor, points))


def rank(value: int, points: Points) -> int:
    """Return how many points a value lies above; equal values rank alike."""
    return sum(value > point for point in points)


def score(value: int, points: Points) -> int:
    """Return the score of F or M, 1 to 5 by fifths; the most has 5."""
    return 1 + rank(value, points)


def recency_score(days: int, points: Points) -> int:
    """Return the score of R, 1 to 5 by fifths; the most recent has 5."""
    return 5 - rank(days, points)
