"""Medians and percentiles of durations."""

from collections.abc import Sequence
from fractions import Fraction

from services.analytics.domain.quantiles import quantile
from services.analytics.metrics.metric import Figure, Row

HOUR = 3_600
P90 = Fraction(9, 10)


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
