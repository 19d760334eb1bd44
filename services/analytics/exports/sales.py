"""Tables of sales: orders and their lines, deals."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.analytics.exports.table import Entities, Row, Table, columns
from services.analytics.views.facts import Entity, Fact
from services.analytics.views.facts_sales import DEAL, ORDER, OWNER

WHO = {
    "customer": "text: the customer, as the identities stand at the export",
    "channel": "text: where it came in",
}
CLOSED = {"OpportunityWon": "won", "OpportunityLost": "lost"}


def money(fact: Fact | None, field: str = "money") -> tuple[int | None, str | None]:
    """Return amount and currency of a fact."""
    known: Mapping[str, Any] | None = fact.data.get(field) if fact else None
    return (known["amount"], known["currency"]) if known else (None, None)


def moment_of(fact: Fact | None) -> Any:
    """Return when a fact happened."""
    return fact.at if fact else None


def _order(entity: Entity) -> Row | None:
    placed = entity.first("OrderPlaced")
    if placed is None:
        return None
    gross, currency = money(placed)
    back = sum(money(f)[0] or 0 for f in entity.facts if f.type in ("OrderReturned", "OrderCancelled"))
    paid = sum(money(f, "amount")[0] or 0 for f in entity.facts if f.type == "OrderPaymentRecorded")
    return {
        "order_id": placed.data["order_id"], "customer": entity.customer, "channel": placed.channel,
        "placed_at": placed.at, "country": placed.data.get("country"),
        "campaign_id": placed.data.get("campaign_id"),
        "currency": currency, "gross": gross, "net": (gross or 0) - back, "paid": paid,
        "lines": len(placed.data["lines"]), "cancelled": entity.first("OrderCancelled") is not None,
        "shipped_at": moment_of(entity.first("OrderShipped")),
        "delivered_at": moment_of(entity.first("OrderDelivered")),
    }  # fmt: skip


def orders(entity: Entity) -> Iterator[Row]:
    """Yield the order, once it was placed."""
    row = _order(entity)
    if row:
        yield row


def order_lines(entity: Entity) -> Iterator[Row]:
    """Yield the lines of the order."""
    placed, row = entity.first("OrderPlaced"), _order(entity)
    if placed is None or row is None:
        return
    shared = {name: row[name] for name in ("order_id", "customer", "channel", "placed_at", "currency")}
    for number, (sku, category, quantity, amount) in enumerate(placed.data["lines"], 1):
        yield {
            **shared,
            "line": number,
            "sku": sku,
            "category": category,
            "quantity": quantity,
            "amount": amount,
        }


def deals(entity: Entity) -> Iterator[Row]:
    """Yield the deal, once it was opened."""
    opened = entity.first("OpportunityOpened")
    if opened is None:
        return
    closed = entity.last(*CLOSED, "OpportunityReopened")
    closed = closed if closed and closed.type in CLOSED else None
    amount, currency = _worth(entity, closed)
    yield {
        "opportunity_id": entity.stream.partition("-")[2], "customer": entity.customer,
        "channel": opened.channel,
        "opened_at": opened.at, "pipeline": opened.data.get("pipeline_id"),
        "owner": entity.newest(OWNER),
        "product": opened.data.get("product"), "organization": opened.data.get("organization"),
        "stage": entity.newest({"OpportunityOpened": "stage", "OpportunityStageChanged": "to_stage"}),
        "probability": entity.newest(PROBABILITY), "amount": amount, "currency": currency,
        "expected_close_on": entity.newest(EXPECTED),
        "status": CLOSED[closed.type] if closed else "open",
        "closed_at": moment_of(closed), "lost_reason": closed.data.get("reason_code") if closed else None,
    }  # fmt: skip


PROBABILITY = {
    "OpportunityOpened": "probability", "OpportunityStageChanged": "probability_to",
    "ProbabilityOverridden": "probability_to",
}  # fmt: skip
EXPECTED = {"OpportunityOpened": "expected_close_on", "ExpectedCloseChanged": "to_date"}


def _worth(entity: Entity, closed: Fact | None) -> tuple[int | None, str | None]:
    if closed and closed.data.get("amount"):
        return money(closed, "amount")
    changed = entity.last("OpportunityAmountChanged")
    return money(changed, "to_amount") if changed else money(entity.first("OpportunityOpened"), "amount")


SALES_TABLES: tuple[Table, ...] = (
    Table("orders", 1, "One row per order.", ("order_id",), "placed_at", columns(
        order_id="text: the order", **WHO, placed_at="moment: when it was placed",
        country="text: where to, ISO 3166 or as the channel said", campaign_id="text: the campaign it names",
        currency="text: ISO 4217", gross="integer: ordered",
        net="integer: ordered less returned and cancelled",
        paid="integer: payments recorded", lines="integer: number of lines",
        cancelled="flag: whether it is off",
        shipped_at="moment: when it left first", delivered_at="moment: when it arrived first",
    ), Entities(ORDER, orders)),
    Table("order_lines", 1, "One row per line of an order.", ("order_id", "line"), "placed_at", columns(
        order_id="text: the order", line="integer: from 1", **WHO,
        placed_at="moment: when the order was placed",
        currency="text: ISO 4217", sku="text: the article",
        category="text: its category, empty when not told",
        quantity="integer: units", amount="integer: quantity times price",
    ), Entities(ORDER, order_lines)),
    Table("deals", 1, "One row per opportunity.", ("opportunity_id",), "opened_at", columns(
        opportunity_id="text: the opportunity", **WHO, opened_at="moment: when it was recorded as opened",
        pipeline="text: its pipeline", owner="text: who looks after it", product="text: what it is about",
        organization="text: for whom", stage="text: the stage it is in, or was when it closed",
        probability="integer: percent, in force", amount="integer: what it is worth",
        currency="text: ISO 4217",
        expected_close_on="day: when it is expected to close", status="text: open, won or lost",
        closed_at="moment: when it closed", lost_reason="text: code of the reason",
    ), Entities(DEAL, deals)),
)  # fmt: skip
