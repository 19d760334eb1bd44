"""A measured value as decisions and events carry it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from shared.values import Code, Length, Matching, Positive, Text, Whole

Figure = Annotated[
    str, Matching(r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$", "needs to be a decimal number such as 0.08 or -12.5")
]
Scope = Annotated[str, Length(1, 200)]
COMPANY = "company"
DIGITS = Decimal("1.000000000000")


def figure(value: Decimal) -> Figure:
    """Return a decimal as its shortest text of up to twelve digits."""
    return format(value.quantize(DIGITS).normalize(), "f")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric was from `since` to `until`, of what had happened by `as_of`, as known by `known_at`.

    `value` is missing when it was not available (a zero denominator), and `reason` says why. `n` is the
    number of facts behind it; `metric_version` is the formula's.
    """

    metric_id: Code
    metric_version: Positive
    scope: Scope
    since: datetime
    until: datetime
    as_of: datetime
    known_at: datetime
    value: Figure | None = None
    unit: Code = "number"
    n: Whole = 0
    reason: Text | None = None
