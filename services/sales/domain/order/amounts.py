"""From decimal prices to minor units (S-5): each line is rounded half up, totals are sums of lines."""

from collections.abc import Sequence
from decimal import Decimal

from services.sales.domain.order.commands import Line
from services.sales.domain.order.events import OrderLine
from shared.errors import FieldError, Invalid
from shared.values import Money, minor_units


def priced(lines: Sequence[Line], currency: str) -> tuple[OrderLine, ...]:
    """Return the lines with their amounts. Raises Invalid for a price of nothing."""
    free = [i for i, line in enumerate(lines) if Decimal(line.unit_price) <= 0]
    if free:
        raise Invalid(*(FieldError(f"/lines/{i}/unit_price", "needs to be more than 0") for i in free))
    return tuple(_priced(line, currency) for line in lines)


def _priced(line: Line, currency: str) -> OrderLine:
    amount = minor_units(Decimal(line.unit_price) * line.quantity, currency)
    told = (line.name, line.category, line.configuration)
    return OrderLine(line.sku, line.quantity, line.unit_price, amount, *told)


def total(lines: Sequence[OrderLine], currency: str) -> Money:
    """Return the sum of the lines."""
    return Money(sum(line.amount for line in lines), currency)
