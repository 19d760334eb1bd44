"""Order: placed, paid, shipped, delivered; cancelled; returned in part or whole."""

from services.sales.domain.order.accepting import STOCK_KNOWN
from services.sales.domain.order.commands import (
    CancelOrder,
    IssueRefund,
    Line,
    PlaceOrder,
    PromiseDelivery,
    RecordDelivery,
    RecordPayment,
    RecordReturn,
    RecordShipment,
    SettleOffer,
)
from services.sales.domain.order.decide import decide
from services.sales.domain.order.events import (
    EVENTS,
    CancellationNoted,
    DeliveryPromised,
    OfferSettled,
    OrderCancelled,
    OrderDelivered,
    OrderLine,
    OrderPaymentRecorded,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    RefundIssued,
    StockCheck,
    StockFound,
)
from services.sales.domain.order.state import Order, evolve, summary
from shared.decide.decider import Decider
from shared.plan import FieldChanged, FieldExpired, SetField

ORDER = Decider(
    category="order",
    service="sales",
    initial=Order(),
    decide=decide,
    evolve=evolve,
    events=(*EVENTS, FieldChanged, FieldExpired),
    timers=lambda order: order.custom.timers,
    commands={
        "place": PlaceOrder,
        "return": RecordReturn,
        "cancel": CancelOrder,
        "pay": RecordPayment,
        "promise": PromiseDelivery,
        "ship": RecordShipment,
        "deliver": RecordDelivery,
        "refund": IssueRefund,
        "settle-offer": SettleOffer,
        "set-field": SetField,
    },
    opens=(PlaceOrder,),
    summary=summary,
    filters=("status", "customer", "payment", "returned"),
    facts={PlaceOrder: STOCK_KNOWN},
)

__all__ = [
    "ORDER",
    "CancelOrder",
    "CancellationNoted",
    "DeliveryPromised",
    "IssueRefund",
    "Line",
    "OfferSettled",
    "Order",
    "OrderCancelled",
    "OrderDelivered",
    "OrderLine",
    "OrderPaymentRecorded",
    "OrderPlaced",
    "OrderReturned",
    "OrderShipped",
    "PlaceOrder",
    "PromiseDelivery",
    "RecordDelivery",
    "RecordPayment",
    "RecordReturn",
    "RecordShipment",
    "RefundIssued",
    "SettleOffer",
    "StockCheck",
    "StockFound",
]
