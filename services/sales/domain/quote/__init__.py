"""Quote: drafted, approved, sent; accepted, rejected, expired, withdrawn; revised and superseded."""

from services.sales.domain.quote.commands import (
    AcceptQuote,
    ApproveDiscount,
    DraftQuote,
    ExpireQuote,
    ExtendValidity,
    OfferedLine,
    RecordView,
    RejectQuote,
    RequestApproval,
    ReviseQuote,
    SendQuote,
    WithdrawQuote,
)
from services.sales.domain.quote.decide import decide
from services.sales.domain.quote.events import (
    EVENTS,
    DiscountApprovalRequested,
    DiscountApproved,
    QuoteAccepted,
    QuoteDrafted,
    QuoteExpired,
    QuoteLine,
    QuoteRejected,
    QuoteRevised,
    QuoteSent,
    QuoteSuperseded,
    QuoteValidityExtended,
    QuoteViewed,
    QuoteWithdrawn,
)
from services.sales.domain.quote.state import Quote, evolve, summary, timers
from shared.decide import Decider, Facts

DEAL_KNOWN = Facts(
    "deal_status", lambda _, c: [("opportunity", c.opportunity_id)], lambda states: states[0].status
)
QUOTE = Decider(
    category="quote",
    service="sales",
    initial=Quote(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={
        "draft": DraftQuote,
        "revise": ReviseQuote,
        "request-approval": RequestApproval,
        "approve": ApproveDiscount,
        "send": SendQuote,
        "view": RecordView,
        "accept": AcceptQuote,
        "reject": RejectQuote,
        "extend": ExtendValidity,
        "withdraw": WithdrawQuote,
        "expire": ExpireQuote,
    },
    timers=timers,
    summary=summary,
    filters=("status", "opportunity_id", "customer"),
    facts={DraftQuote: DEAL_KNOWN},
)

__all__ = [
    "QUOTE",
    "AcceptQuote",
    "ApproveDiscount",
    "DiscountApprovalRequested",
    "DiscountApproved",
    "DraftQuote",
    "ExpireQuote",
    "ExtendValidity",
    "OfferedLine",
    "Quote",
    "QuoteAccepted",
    "QuoteDrafted",
    "QuoteExpired",
    "QuoteLine",
    "QuoteRejected",
    "QuoteRevised",
    "QuoteSent",
    "QuoteSuperseded",
    "QuoteValidityExtended",
    "QuoteViewed",
    "QuoteWithdrawn",
    "RecordView",
    "RejectQuote",
    "RequestApproval",
    "ReviseQuote",
    "SendQuote",
    "WithdrawQuote",
]
