"""Making an offer: drafted, revised, its discount approved."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from services.sales.domain.quote.commands import ApproveDiscount, DraftQuote, RequestApproval, ReviseQuote
from services.sales.domain.quote.events import (
    DiscountApprovalRequested,
    DiscountApproved,
    QuoteDrafted,
    QuoteRevised,
)
from services.sales.domain.quote.pricing import highest_discount, priced, total
from services.sales.domain.quote.state import Quote
from shared.errors import Conflict, NotFound
from shared.values import Money


def draft(quote: Quote, command: DraftQuote) -> list[Any]:
    """Draft it once, for a deal that is open."""
    lines = priced(command.lines, command.currency)
    drafted = QuoteDrafted(
        command.quote_id,
        command.opportunity_id,
        1,
        lines,
        total(lines, command.currency),
        command.offer_code,
    )
    if quote.drafted == drafted:
        return []
    if quote.drafted:
        raise Conflict(f"quote {command.quote_id} was drafted before with other content")
    if command.deal_status == "unknown":
        raise NotFound(f"opportunity {command.opportunity_id} is not known")
    if command.deal_status not in (None, "open"):
        raise Conflict(f"opportunity {command.opportunity_id} is {command.deal_status}")
    return [drafted]


def revise(quote: Quote, command: ReviseQuote) -> list[Any]:
    """Every revision has its number, in the currency of the first (S-5)."""
    known = going_on(quote, command.quote_id)
    lines = priced(command.lines, known.currency)
    if lines == quote.lines:
        return []
    return [QuoteRevised(command.quote_id, quote.revision + 1, lines, total(lines, known.currency))]


def request_approval(quote: Quote, command: RequestApproval) -> list[Any]:
    """Only a discount beyond the limit needs one (S-5)."""
    going_on(quote, command.quote_id)
    if quote.status == "awaiting_approval":
        return []
    if quote.status != "draft":
        raise Conflict(f"quote {command.quote_id} is {quote.status}")
    discount = highest_discount(quote.lines)
    if discount <= quote.approved:
        raise Conflict(f"a discount of {discount} % needs no approval: {quote.approved} % is the limit")
    return [DiscountApprovalRequested(command.quote_id, str(discount))]


def approve(quote: Quote, command: ApproveDiscount) -> list[Any]:
    """Who approved how much is recorded (S-5)."""
    going_on(quote, command.quote_id)
    if quote.status not in ("draft", "awaiting_approval"):
        raise Conflict(f"quote {command.quote_id} is {quote.status}")
    if quote.status == "draft" and Decimal(command.limit) == quote.approved:
        return []
    return [DiscountApproved(command.quote_id, command.approved_by, command.limit)]


def going_on(quote: Quote, quote_id: str) -> Money:
    """Return the total of a quote to which something can still happen (S-3). Raises NotFound, Conflict."""
    if quote.drafted is None or quote.total is None:
        raise NotFound(f"quote {quote_id} is not known")
    if quote.terminal:
        raise Conflict(f"quote {quote_id} is {quote.status}")
    return quote.total


DRAFTING: dict[type, Callable[[Quote, Any], list[Any]]] = {
    DraftQuote: draft,
    ReviseQuote: revise,
    RequestApproval: request_approval,
    ApproveDiscount: approve,
}
