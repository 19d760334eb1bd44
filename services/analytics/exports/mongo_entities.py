"""Views for analysts on customers, and on orders, deals, tickets, ...: the columns of the exported tables."""

from services.analytics.exports.care import STATUS
from services.analytics.exports.mongo_words import (
    Expression,
    Pipeline,
    count,
    either,
    entities,
    facts,
    first,
    id_in,
    last,
    named,
    newest,
    part,
    total,
)
from services.analytics.exports.sales import CLOSED, EXPECTED, PROBABILITY
from services.analytics.views.customer import CUSTOMER
from services.analytics.views.facts_sales import AGREEMENT, DEAL, LEAD, ORDER, OWNER, QUOTE
from services.analytics.views.facts_support import TICKET


def _customers() -> Pipeline:
    known = {"$cond": [{"$eq": ["$identity.known", True]}, "prospect", "anonymous"]}
    return [{"$project": {
        "_id": 0, "customer": "$_id",
        "lifecycle": {"$cond": [{"$eq": ["$identity.bought", True]}, "customer", known]},
        "erased": {"$ne": [{"$type": "$erased_at"}, "missing"]},
        "first_seen": either("$identity.first_seen"), "last_seen": either("$identity.last_seen"),
        "orders": {"$ifNull": ["$orders.count", 0]}, "first_order_at": either("$orders.first_at"),
        "last_order_at": either("$orders.last_at"), "currency": either("$leading.currency"),
        "net": either("$leading.net"), "tickets": {"$ifNull": ["$tickets.opened", 0]},
        "open_tickets": {"$size": {"$objectToArray": {"$ifNull": ["$tickets.open", {}]}}},
    }}]  # fmt: skip


def _begun(type_: str, at: str, **data: str) -> dict[str, Expression]:
    """Return channel, moment and fields of what an entity began with."""
    said = {name: first(f"data.{path}", type_) for name, path in data.items()}
    return {"channel": first("channel", type_), at: first("at", type_), **said}


def _orders() -> Pipeline:
    gross = first("data.money.amount", "OrderPlaced")
    back = total("data.money.amount", "OrderReturned", "OrderCancelled")
    return entities("OrderPlaced", {
        **_begun("OrderPlaced", "placed_at", order_id="order_id", country="country",
                 campaign_id="campaign_id", currency="money.currency"),
        "gross": gross, "net": {"$subtract": [gross, back]},
        "paid": total("data.amount.amount", "OrderPaymentRecorded"),
        "lines": {"$size": first("data.lines", "OrderPlaced")},
        "cancelled": {"$gt": [count("OrderCancelled"), 0]},
        "shipped_at": first("at", "OrderShipped"), "delivered_at": first("at", "OrderDelivered"),
    })  # fmt: skip


def _order_lines() -> Pipeline:
    cells = ("sku", "category", "quantity", "amount")
    return entities("OrderPlaced", {
        **_begun("OrderPlaced", "placed_at", order_id="order_id", currency="money.currency"),
        "line": {"$add": ["$number", 1]},
        **{name: {"$arrayElemAt": ["$line", place]} for place, name in enumerate(cells)},
    }, {"$set": {"line": first("data.lines", "OrderPlaced")}},
       {"$unwind": {"path": "$line", "includeArrayIndex": "number"}})  # fmt: skip


def _deals() -> Pipeline:
    closing = {"$arrayElemAt": [facts(*CLOSED, "OpportunityReopened"), -1]}
    closed = {"$cond": [{"$in": ["$closed.type", list(CLOSED)]}, "$closed", None]}
    worth = {
        field: either(
            f"$closed.data.amount.{field}", last(f"data.to_amount.{field}", "OpportunityAmountChanged"),
            first(f"data.amount.{field}", "OpportunityOpened"),
        )
        for field in ("amount", "currency")
    }  # fmt: skip
    return entities("OpportunityOpened", {
        "opportunity_id": id_in("$_id"),
        **_begun("OpportunityOpened", "opened_at", pipeline="pipeline_id", product="product",
                 organization="organization"),
        "owner": newest(OWNER),
        "stage": newest({"OpportunityOpened": "stage", "OpportunityStageChanged": "to_stage"}),
        "probability": newest(PROBABILITY), **worth, "expected_close_on": newest(EXPECTED),
        "status": either(named("$closed.type", CLOSED), "open"),
        "closed_at": "$closed.at", "lost_reason": "$closed.data.reason_code",
    }, {"$set": {"closed": either(closing)}}, {"$set": {"closed": closed}})  # fmt: skip


def _leads() -> Pipeline:
    begun = _begun("LeadCaptured", "captured_at", source="source", campaign_id="campaign_id")
    return entities("LeadCaptured", {
        "lead_id": id_in("$_id"), **begun,
        "channel": either(first("data.channel", "LeadCaptured"), begun["channel"]),
        "owner": last("data.owner", "LeadAssigned"), "first_contact_at": first("at", "LeadContactAttempted"),
        "score": last("data.score", "LeadScored"), "converted_at": last("at", "LeadConverted"),
        "opportunity_id": last("data.opportunity_id", "LeadConverted"),
        "disqualified_at": last("at", "LeadDisqualified"),
    })  # fmt: skip


def _quotes() -> Pipeline:
    told = {"$or": [{"$gt": ["$$f.data.total", None]}, {"$eq": ["$$f.type", "QuoteDrafted"]}]}
    said = {"$arrayElemAt": [{"$filter": {"input": "$facts", "as": "f", "cond": told}}, -1]}
    ends = {"sent_at": "QuoteSent", "accepted_at": "QuoteAccepted", "rejected_at": "QuoteRejected",
            "expired_at": "QuoteExpired"}  # fmt: skip
    return entities("QuoteDrafted", {
        "quote_id": id_in("$_id"), **_begun("QuoteDrafted", "drafted_at", opportunity_id="opportunity_id"),
        "revision": "$said.data.revision", "amount": "$said.data.total.amount",
        "currency": "$said.data.total.currency", **{name: last("at", type_) for name, type_ in ends.items()},
    }, {"$set": {"said": said}})  # fmt: skip


def _agreements() -> Pipeline:
    worth = {
        field: either(
            last(f"data.to_amount.{field}", "AgreementAmountChanged"),
            first(f"data.recurring_amount.{field}", "AgreementStarted"),
        )
        for field in ("amount", "currency")
    }
    return entities("AgreementStarted", {
        "agreement_id": id_in("$_id"), **_begun("AgreementStarted", "started_at", period="period"), **worth,
        "ends_on": newest({"AgreementStarted": "ends_on", "AgreementRenewed": "ends_on"}),
        "ended_at": last("at", "AgreementEnded"), "reason": last("data.reason_code", "AgreementEnded"),
        "voluntary": last("data.voluntary", "AgreementEnded"),
    })  # fmt: skip


def _tickets() -> Pipeline:
    person = {"$and": [{"$eq": ["$$f.data.public", True]}, {"$ne": ["$$f.data.automatic", True]}]}
    replies = {"$filter": {"input": facts("ReplySent"), "as": "f", "cond": person}}
    return entities("TicketOpened", {
        "ticket_id": id_in("$_id"),
        **_begun("TicketOpened", "opened_at", origin="origin", order_no="order_no"),
        "category": newest({"TicketOpened": "category", "TicketClassified": "category"}),
        "priority": newest({"TicketOpened": "priority", "PriorityChanged": "to_priority"}),
        "handler": newest({"TicketAssigned": "handler"}), "status": named(last("type", *STATUS), STATUS),
        "first_reply_at": part({"$arrayElemAt": [replies, 0]}, "at"),
        "resolved_at": last("at", "TicketResolved"),
        "resolution_code": newest({"TicketResolved": "resolution_code"}),
        "reopened": count("TicketReopened"), "breaches": count("SlaTargetBreached"),
    })  # fmt: skip


ENTITY_VIEWS: tuple[tuple[str, str, Pipeline], ...] = (
    ("customers", CUSTOMER.name, _customers()),
    ("orders", ORDER.view, _orders()),
    ("order_lines", ORDER.view, _order_lines()),
    ("deals", DEAL.view, _deals()),
    ("leads", LEAD.view, _leads()),
    ("quotes", QUOTE.view, _quotes()),
    ("agreements", AGREEMENT.view, _agreements()),
    ("tickets", TICKET.view, _tickets()),
)
