"""What metrics keep of sales: orders, deals, leads, quotes, agreements."""

from collections.abc import Iterator
from typing import Any

from services.analytics.views.facts import Data, Fact, Kind, only


def lines(data: Data) -> dict[str, Any]:
    """Return what an order or a return says, its lines as (article, category, quantity, amount)."""
    said = only("order_id", "country", "campaign_id", "offer_code", "quote_id", "reason")(data)
    money = data["total"] if "total" in data else data["value"]
    kept = [[x["sku"], x.get("category") or "", x["quantity"], x["amount"]] for x in data["lines"]]
    return {**said, "money": money, "lines": kept}


def cancelled(data: Data) -> dict[str, Any]:
    """Return what a cancellation takes back."""
    return {**only("order_id", "reason")(data), "money": data["value"]}


ORDER = Kind(
    "order",
    1,
    {
        "OrderPlaced": lines,
        "OrderReturned": lines,
        "OrderCancelled": cancelled,
        "DeliveryPromised": only("promised_on"),
        "OrderShipped": only("shipped_at"),
        "OrderDelivered": only("delivered_at"),
        "OrderPaymentRecorded": only("amount"),
        "RefundIssued": only("amount"),
    },
)


OWNER = {"OpportunityOpened": "owner", "OpportunityOwnerChanged": "to_owner"}


def expected(fact: Fact) -> Iterator[str]:
    """Yield the day and the month in which a deal is to close, as said by this fact."""
    day = fact.data.get("expected_close_on") or fact.data.get("to_date")
    if day:
        yield from (f"expected:{day}", f"expected:{str(day)[:7]}")


DEAL = Kind(
    "deal",
    3,
    {
        "OpportunityOpened": only(
            "pipeline_id",
            "stage",
            "probability",
            "owner",
            "amount",
            "product",
            "organization",
            "opened_at",
            "expected_close_on",
            "lead_id",
        ),
        "OpportunityStageChanged": only("from_stage", "to_stage", "probability_from", "probability_to"),
        "OpportunityAmountChanged": only("to_amount"),
        "OpportunityOwnerChanged": only("to_owner"),
        "ProbabilityOverridden": only("probability_to"),
        "ForecastCategoryChanged": only("category"),
        "ExpectedCloseChanged": only("to_date"),
        "OpportunityWon": only("amount", "owner", "opened_at", "quote_id"),
        "OpportunityLost": only("reason_code", "owner", "opened_at", "competitor"),
        "OpportunityReopened": only("reason"),
        "CompetitorNoted": only("competitor"),
        "NextStepPlanned": only("due_at"),
    },
    expected,
)

LEAD = Kind(
    "lead",
    1,
    {
        "LeadCaptured": only("source", "channel", "campaign_id"),
        "LeadAssigned": only("owner", "handed_over_at"),
        "LeadContactAttempted": only("outcome"),
        "LeadScored": only("score", "model_version"),
        "LeadQualified": only("criteria"),
        "LeadDisqualified": only("reason_code"),
        "LeadRecycled": only("until"),
        "LeadConverted": only("opportunity_id"),
        "LeadMarkedDuplicate": only("duplicate_of"),
    },
)

QUOTE = Kind(
    "quote",
    1,
    {
        "QuoteDrafted": only("opportunity_id", "revision", "total", "offer_code"),
        "QuoteRevised": only("revision", "total"),
        "QuoteSent": only("revision", "valid_until"),
        "QuoteViewed": only("revision"),
        "QuoteAccepted": only("revision", "total"),
        "QuoteRejected": only("reason_code"),
        "QuoteExpired": only("revision"),
        "QuoteValidityExtended": only("to_date"),
        "QuoteWithdrawn": only(),
        "QuoteSuperseded": only("revision", "replaced_by"),
    },
)

AGREEMENT = Kind(
    "agreement",
    1,
    {
        "AgreementStarted": only("recurring_amount", "period", "ends_on"),
        "AgreementRenewed": only("ends_on"),
        "AgreementAmountChanged": only("from_amount", "to_amount"),
        "AgreementEnded": only("reason_code", "voluntary", "recurring_amount"),
    },
    lambda _: ("agreement",),
)

SALES_KINDS = (ORDER, DEAL, LEAD, QUOTE, AGREEMENT)
