"""What channel systems may report: the published contracts of the front doors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from shared.contracts.contract import Contract
from shared.values import Between, Code, Currency, Id, Length, Matching, Money, Positive, Price, Text, Whole

EMAIL = Matching(r"^[^@\s]+@[^@\s]+$", "needs to be an e-mail address")
PHONE = Matching(r"^[0-9+()/ .\-]+$", "needs to be a telephone number")
Direction = Literal["in", "out"]
Country = Annotated[str, Length(1, 100)]
Short = Annotated[str, Length(1, 254)]
Fields = Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Customer:
    """Who it was, by any identifiers the channel has; the rest describes the person."""

    email: Annotated[str | None, Length(3, 254), EMAIL] = None
    phone: Annotated[str | None, Length(4, 40), PHONE] = None
    loyalty_id: Short | None = None
    customer_no: Short | None = None
    visitor_id: Short | None = None
    given_name: Short | None = None
    family_name: Short | None = None
    name: Short | None = None
    country: Country | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order or return; the price is per unit, a decimal number as text."""

    sku: Id
    quantity: Positive
    unit_price: Price
    name: Text | None = None
    category: Code | None = None
    configuration: Mapping[str, str] | None = None


Lines = Annotated[list[Line], Length(1, 2_000)]


@dataclass(frozen=True, slots=True)
class PageViewed:
    """A page of the web shop was looked at."""

    page: Text
    customer: Customer | None = None
    referrer: Text | None = None
    duration_s: Whole | None = None
    load_ms: Whole | None = None


@dataclass(frozen=True, slots=True)
class ScreenViewed:
    """A screen of the app was looked at."""

    screen: Text
    customer: Customer | None = None
    load_ms: Whole | None = None
    duration_s: Whole | None = None


@dataclass(frozen=True, slots=True)
class VisitorIdentified:
    """A visitor logged in or registered: the visit and the person are one."""

    customer: Customer
    method: Code


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A telephone call with a customer ended."""

    direction: Direction
    duration_s: Whole
    customer: Customer | None = None
    handler: Id | None = None
    outcome: Code | None = None
    regarding: Id | None = None


@dataclass(frozen=True, slots=True)
class VisitRecorded:
    """A customer came to a store."""

    store: Id
    customer: Customer | None = None
    handler: Id | None = None


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """An e-mail from or to a customer."""

    direction: Direction
    customer: Customer | None = None
    subject: Text | None = None


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """A chat with a customer ended."""

    customer: Customer | None = None
    duration_s: Whole | None = None
    handler: Id | None = None
    outcome: Code | None = None


@dataclass(frozen=True, slots=True)
class MentionReceived:
    """Somebody spoke of the company in a social network."""

    network: Code
    customer: Customer | None = None
    tone: Literal["positive", "neutral", "negative"] | None = None


@dataclass(frozen=True, slots=True)
class BillingNoticeSent:
    """The ERP sent an invoice, a reminder or another billing notice."""

    document_no: Id
    customer: Customer | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class InteractionReported:
    """A contact of a kind that the company has declared, such as a bid or a step of a course."""

    kind: Code
    direction: Direction = "in"
    customer: Customer | None = None
    place: Text | None = None
    regarding: Id | None = None
    outcome: Code | None = None
    duration_s: Whole | None = None
    handler: Id | None = None


@dataclass(frozen=True, slots=True)
class OrderReported:
    """A customer ordered. `fields` are those that the company's plan of orders declares."""

    order_no: Id
    currency: Currency
    lines: Lines
    customer: Customer | None = None
    country: Country | None = None
    campaign_id: Id | None = None
    offer_code: Code | None = None
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class GoodsReturned:
    """Goods came back; without `order_no` it is a blind return."""

    return_no: Id
    currency: Currency
    lines: Lines
    customer: Customer | None = None
    order_no: Id | None = None
    country: Country | None = None
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class OrderCancelledReported:
    """The order is off before it shipped."""

    order_no: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """Money came in for an order."""

    order_no: Id
    amount: Money
    method: Code | None = None


@dataclass(frozen=True, slots=True)
class OrderProgressed:
    """The order moved on: shipped or delivered, as the event type says."""

    order_no: Id


@dataclass(frozen=True, slots=True)
class StockLevelCounted:
    """How many pieces of an article are available; `as_of` is the moment of counting."""

    sku: Id
    available: Whole
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriceListChanged:
    """An article has another price, from a moment on."""

    sku: Id
    unit_price: Price
    currency: Currency
    effective_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpportunityReported:
    """Where a sales opportunity stands, as the former CRM tells it."""

    opportunity_no: Id
    owner: Id
    stage: Code
    customer: Customer | None = None
    pipeline: Code | None = None
    product: Text | None = None
    organization: Text | None = None
    amount: Money | None = None
    engaged_on: date | None = None
    closed_on: date | None = None
    lost_reason: Code | None = None


@dataclass(frozen=True, slots=True)
class CampaignCallMade:
    """A campaign's contact attempts with one person, and whether the person responded."""

    campaign_id: Id
    medium: Code
    attempts: Annotated[int, Between(1, 1_000)]
    responded: bool
    customer: Customer | None = None
    duration_s: Whole | None = None
    answer: Code | None = None


@dataclass(frozen=True, slots=True)
class CampaignResponseReceived:
    """A person responded to a campaign."""

    campaign_id: Id
    kind: Literal["reply", "click", "visit", "form", "purchase", "call"]
    customer: Customer | None = None


@dataclass(frozen=True, slots=True)
class TicketReported:
    """A customer asked for help. `fields` are those that the company's plan of tickets declares."""

    ticket_no: Id
    subject: Text
    customer: Customer | None = None
    message: Annotated[str | None, Length(0, 20_000)] = None
    category: Code | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    order_no: Id | None = None
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class TicketMessageReceived:
    """A customer wrote again in a ticket."""

    ticket_no: Id
    message: Annotated[str, Length(1, 20_000)]
    customer: Customer | None = None


REPORTING = ("web", "mobile_app", "store", "call_center", "social")

# Owner -> payload -> the channel systems that may report it, and what happened in their words.
OWNED: dict[str, list[tuple[type, tuple[str, ...], str]]] = {
    "contacts": [
        (PageViewed, ("web",), "page_viewed"),
        (VisitorIdentified, ("web", "mobile_app"), "visitor_identified"),
        (ScreenViewed, ("mobile_app",), "screen_viewed"),
        (CallEnded, ("call_center",), "call_ended"),
        (VisitRecorded, ("store",), "visit_recorded"),
        (MessageReceived, ("email",), "message_received"),
        (ConversationEnded, ("chat",), "conversation_ended"),
        (MentionReceived, ("social",), "mention_received"),
        (BillingNoticeSent, ("erp",), "billing_notice_sent"),
        (
            InteractionReported,
            ("web", "mobile_app", "store", "call_center", "social"),
            "interaction_reported",
        ),
    ],
    "sales": [
        (OrderReported, ("web", "store", "call_center", "mobile_app", "erp"), "order_placed"),
        (GoodsReturned, ("erp", "store"), "goods_returned"),
        (OrderCancelledReported, ("erp", "web", "call_center"), "order_cancelled"),
        (PaymentReceived, ("erp",), "payment_received"),
        (OrderProgressed, ("erp",), "order_shipped"),
        (OrderProgressed, ("erp",), "order_delivered"),
        (StockLevelCounted, ("erp",), "stock_level_reported"),
        (PriceListChanged, ("erp",), "price_changed"),
        (OpportunityReported, ("crm",), "opportunity_reported"),
    ],
    "campaigns": [
        (CampaignCallMade, ("call_center",), "campaign_call_made"),
        (CampaignResponseReceived, ("web", "email", "store"), "campaign_response_received"),
    ],
    "support": [
        (TicketReported, ("web", "email", "call_center", "chat"), "ticket_opened"),
        (TicketMessageReceived, ("web", "email", "call_center", "chat"), "ticket_message_received"),
    ],
}

CHANNEL_TYPES = tuple(
    Contract(f"channel.{system}.{happened}.v1", owner, payload)
    for owner, rows in OWNED.items()
    for payload, systems, happened in rows
    for system in systems
)
