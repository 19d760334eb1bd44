"""Custom fields of an order."""

from typing import Any

from services.sales.domain.order.state import Order
from shared.decide.decider import Elapsed
from shared.errors import NotFound
from shared.plan import SetField, expire, set_field


def set_custom(order: Order, command: SetField) -> list[Any]:
    """An order that was placed has what the company declared beside (shared/plan)."""
    if order.placed is None:
        raise NotFound(f"order {command.key} is not known")
    return set_field("order", order.custom, command)


def elapsed(order: Order, command: Elapsed) -> list[Any]:
    """What was kept as long as it may be is removed."""
    return expire("order", order.placed.order_id if order.placed else "", order.custom, command)
