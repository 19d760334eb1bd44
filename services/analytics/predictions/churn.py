"""Non-contractual churn: the customer only falls silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

USUAL_LIMIT = 2


@dataclass(frozen=True, slots=True)
class Silence:
    """A customer is lost after `limit_days` without an order: twice the median gap, unless set otherwise."""

    limit_days: int
    median_gap: float

    def score(self, days: int) -> float:
        """Return how much of the limit has passed, 1 at the most."""
        return min(1.0, days / self.limit_days)


def silence(gaps: Sequence[int], factor: float = USUAL_LIMIT) -> Silence | None:
    """Return the limit that follows from the gaps between purchases; None without any gap."""
    if not gaps:
        return None
    middle = median(gaps)
    return Silence(max(1, round(factor * middle)), float(middle))


def reasons(days: int, own_gap: float | None, known: Silence | None) -> list[str]:
    """Return why the customer seems to leave, in codes: `silent_for_long`, `later_than_usual`."""
    found = []
    if known and days > known.limit_days:
        found.append("silent_for_long")
    if own_gap and days > USUAL_LIMIT * own_gap:
        found.append("later_than_usual")
    return found
