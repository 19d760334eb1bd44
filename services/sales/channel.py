"""From channel events to the commands of orders, opportunities and stock."""

from collections.abc import Mapping
from typing import Any

from services.sales.domain.opportunity import OPPORTUNITY, ReportOpportunity
from services.sales.domain.opportunity.stages import DEFAULT_PIPELINE
from services.sales.domain.order import (
    ORDER,
    CancelOrder,
    PlaceOrder,
    RecordDelivery,
    RecordPayment,
    RecordReturn,
    RecordShipment,
)
from services.sales.domain.stock import STOCK, ChangePrice, ReportStock
from shared.contracts.payload import from_data
from shared.events.clock import rfc3339
from shared.plan.telling import fields_told
from shared.receive import Apply, Heard, Instruct


def order(command: type, moment: str | None = None) -> Apply:
    """Return what addresses `command` to the order named; the field `moment` takes the event's time."""

    def apply(heard: Heard) -> list[Instruct]:
        key = heard.data["order_no"]
        return [_of_order(key, command, heard, moment), *fields_told(ORDER.category, key, heard)]

    return apply


def goods_returned(heard: Heard) -> list[Instruct]:
    """Goods of an order go back to it; others are a stream of their own, the blind return."""
    key = heard.data.get("order_no") or heard.data["return_no"]
    return [_of_order(key, RecordReturn, heard, None)]


def _of_order(key: str, command: type, heard: Heard, moment: str | None) -> Instruct:
    time = {moment: rfc3339(heard.time)} if moment else {}
    return Instruct(ORDER.category, key, _told(command, heard, {"order_id": key, **time}))


def _told(command: type, heard: Heard, known: Mapping[str, Any]) -> Any:
    """Whom it is about is known by ref already: `heard.customer`."""
    data = {name: value for name, value in heard.data.items() if name != "customer"}
    return from_data(command, {**data, **known})


def opportunity_reported(heard: Heard) -> list[Instruct]:
    """The deal gets to where the report says it stands."""
    key = heard.data["opportunity_no"]
    known = {"opportunity_id": key, "reported_at": rfc3339(heard.time)}
    pipeline = heard.data.get("pipeline") or DEFAULT_PIPELINE
    told = _told(ReportOpportunity, heard, {**known, "pipeline_id": pipeline})
    return [Instruct(OPPORTUNITY.category, key, told)]


def stock_level_reported(heard: Heard) -> list[Instruct]:
    """The report is known by the id its system gave the event."""
    known = {"at": rfc3339(heard.time), "report_id": f"{heard.source}:{heard.id}"[:200]}
    return [Instruct(STOCK.category, heard.data["sku"], _told(ReportStock, heard, known))]


def price_changed(heard: Heard) -> list[Instruct]:
    """The price holds from the moment told, else from the event's."""
    known = {"at": rfc3339(heard.time), "price": heard.data["unit_price"]}
    return [Instruct(STOCK.category, heard.data["sku"], _told(ChangePrice, heard, known))]


def by_type(systems: str, happened: str, apply: Apply) -> Mapping[str, Apply]:
    """Return the entry of each channel system that may report it."""
    return {f"channel.{system}.{happened}.v1": apply for system in systems.split()}


APPLY: dict[str, Apply] = {
    **by_type("web store call_center mobile_app erp", "order_placed", order(PlaceOrder, "placed_at")),
    **by_type("erp store", "goods_returned", goods_returned),
    **by_type("erp web call_center", "order_cancelled", order(CancelOrder)),
    **by_type("erp", "payment_received", order(RecordPayment)),
    **by_type("erp", "order_shipped", order(RecordShipment, "shipped_at")),
    **by_type("erp", "order_delivered", order(RecordDelivery, "delivered_at")),
    **by_type("erp", "stock_level_reported", stock_level_reported),
    **by_type("erp", "price_changed", price_changed),
    **by_type("crm", "opportunity_reported", opportunity_reported),
}
