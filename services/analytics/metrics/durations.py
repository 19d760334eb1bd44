"""Medians and percentiles of durations."""

from collections.abc import Sequence
from fractions import Fraction

from services.analytics.metrics.metric import Figure, Row

HOUR = 3_600
P90 = Fraction(9, 10)


def quantile(values: Sequence[int], share: Fraction) -> Fraction:
    """Return a quantile, interpolated between the two nearest values (type 7 of Hyndman & Fan)."""
    ordered, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def hours(rows: Sequence[Row], names: Sequence[str], nothing: str) -> Figure:
    """Return the median of the first quantity in hours; median and 90th percentile of each as detail.

    Where none has the first one, for want of a service-level clock, the value is not available.
    """
    known = {name: [row.values[name] for row in rows if name in row.values] for name in names}
    detail = {
        f"{name.removesuffix('_s')}_{label}": quantile(values, share) / HOUR
        for name, values in known.items()
        for label, share in (("median", Fraction(1, 2)), ("p90", P90))
        if values
    }
    first = known[names[0]]
    if not first:
        return Figure(None, len(rows), reason=nothing, detail=detail)
    return Figure(quantile(first, Fraction(1, 2)) / HOUR, len(first), detail=detail)
