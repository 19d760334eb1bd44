"""What each customer bought and when: per day the orders that stand and their net value, in minor units.

Returns and cancellations count against the day of the order they undo, for models ask what a purchase was
worth; a return of an order that is not known counts nowhere. A customer's view grows with days and orders.
"""

from typing import Any

from services.analytics.views.latest import State, added
from shared.events import Event
from shared.project.projection import Projection


def project(view: State | None, event: Event) -> dict[str, Any]:
    """Book an order on its day, a return or a cancellation on the day of its order."""
    known = dict(view or {"days": {}, "orders": {}})
    data = event.data
    number = data["order_id"]
    match event.type:
        case "OrderPlaced":
            day = event.occurred_at.date().isoformat()
            known["orders"] = {**known["orders"], number: day}
            return _booked(known, day, 1, data["total"], 1)
        case "OrderReturned" if number in known["orders"]:
            return _booked(known, known["orders"][number], 0, data["value"], -1)
        case "OrderCancelled" if number in known["orders"]:
            return _booked(known, known["orders"][number], -1, data["value"], -1)
        case _:
            return known


def _booked(view: State, day: str, orders: int, money: State, sign: int) -> dict[str, Any]:
    known = view["days"].get(day, {"orders": 0, "value": {}})
    value = added(known["value"], **{money["currency"]: sign * money["amount"]})
    booked = {"orders": known["orders"] + orders, "value": value}
    return {**view, "days": {**view["days"], day: booked}}


PURCHASES = Projection("purchases", 1, frozenset({"OrderPlaced", "OrderReturned", "OrderCancelled"}), project)
