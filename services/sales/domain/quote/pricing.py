"""Amounts and discounts of a quote (S-5): each line is rounded half up, the total is the sum of the lines."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from services.sales.domain.quote.commands import OfferedLine
from services.sales.domain.quote.events import QuoteLine
from shared.errors import FieldError, Invalid
from shared.values import Money, minor_units

FREE_DISCOUNT = Decimal(15)  # percent anybody may give


def priced(lines: Sequence[OfferedLine], currency: str) -> tuple[QuoteLine, ...]:
    """Return the lines with their amounts. Raises Invalid for a price of nothing."""
    free = [i for i, line in enumerate(lines) if Decimal(line.unit_price) <= 0]
    if free:
        raise Invalid(*(FieldError(f"/lines/{i}/unit_price", "needs to be more than 0") for i in free))
    return tuple(_priced(line, currency) for line in lines)


def _priced(line: OfferedLine, currency: str) -> QuoteLine:
    share = 1 - Decimal(line.discount) / 100
    amount = minor_units(Decimal(line.unit_price) * line.quantity * share, currency)
    told = (line.discount, line.name, line.configuration)
    return QuoteLine(line.sku, line.quantity, line.unit_price, amount, *told)


def total(lines: Iterable[QuoteLine], currency: str) -> Money:
    """Return the sum of the lines."""
    return Money(sum(line.amount for line in lines), currency)


def highest_discount(lines: Iterable[QuoteLine]) -> Decimal:
    """Return the highest discount of the lines, in percent."""
    return max((Decimal(line.discount) for line in lines), default=Decimal(0))
