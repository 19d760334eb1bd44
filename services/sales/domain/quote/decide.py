"""What a quote decides once it can be sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.sales.domain.quote.commands import (
    AcceptQuote,
    ExpireQuote,
    ExtendValidity,
    RecordView,
    RejectQuote,
    SendQuote,
    WithdrawQuote,
)
from services.sales.domain.quote.drafting import DRAFTING, going_on
from services.sales.domain.quote.events import (
    QuoteAccepted,
    QuoteExpired,
    QuoteRejected,
    QuoteSent,
    QuoteSuperseded,
    QuoteValidityExtended,
    QuoteViewed,
    QuoteWithdrawn,
)
from services.sales.domain.quote.pricing import highest_discount
from services.sales.domain.quote.state import Quote
from shared.days import end_of
from shared.decide.decider import Elapsed
from shared.errors import Conflict, FieldError, Invalid

Events = list[Any]


def send(quote: Quote, command: SendQuote) -> Events:
    """Send the highest revision, whose discount is allowed (S-5); a former one is superseded (S-4)."""
    going_on(quote, command.quote_id)
    sent = (quote.sent_revision, quote.valid_until, quote.issuer_zone)
    if quote.status == "sent" and sent == (quote.revision, command.valid_until, command.issuer_zone):
        return []
    if quote.status != "draft":
        raise Conflict(f"quote {command.quote_id} is {quote.status}")
    if highest_discount(quote.lines) > quote.approved:
        raise Conflict(f"a discount over {quote.approved} % needs to be approved first")
    _in_future(end_of(command.valid_until, _zone(command.issuer_zone)), command.at)
    former = quote.sent_revision
    superseded = [QuoteSuperseded(command.quote_id, former, quote.revision)] if former else []
    until = (command.valid_until, command.issuer_zone, command.sent_by)
    return [*superseded, QuoteSent(command.quote_id, quote.revision, *until)]


def view(quote: Quote, command: RecordView) -> Events:
    """Every look at what was sent is a fact."""
    going_on(quote, command.quote_id)
    if not 0 < command.revision <= quote.sent_revision:
        raise Conflict(f"revision {command.revision} of quote {command.quote_id} was not sent")
    return [QuoteViewed(command.quote_id, command.revision)]


def accept(quote: Quote, command: AcceptQuote) -> Events:
    """Only the highest revision (S-4), and only until its last valid day is over (S-2)."""
    if quote.status == "accepted" and command.revision == quote.revision:
        return []
    total = going_on(quote, command.quote_id)
    if command.revision != quote.revision:
        raise Conflict(f"revision {quote.revision} of quote {command.quote_id} is the only one to accept")
    if quote.status == "expired" or (
        quote.ends_at and quote.status == "sent" and command.at >= quote.ends_at
    ):
        raise Conflict(f"quote {command.quote_id} was valid until {quote.valid_until}: extend it first")
    if quote.status != "sent":
        raise Conflict(f"quote {command.quote_id} is {quote.status}")
    told = (quote.opportunity_id, quote.revision, total, command.accepted_by)
    return [QuoteAccepted(command.quote_id, *told)]


def reject(quote: Quote, command: RejectQuote) -> Events:
    """What was sent can be rejected, once."""
    if quote.status == "rejected":
        return []
    going_on(quote, command.quote_id)
    if quote.status != "sent":
        raise Conflict(f"quote {command.quote_id} is {quote.status}")
    return [QuoteRejected(command.quote_id, command.reason_code)]


def extend(quote: Quote, command: ExtendValidity) -> Events:
    """An offer that is out or expired may stand longer; who allowed it and why is recorded (S-2)."""
    going_on(quote, command.quote_id)
    if quote.status not in ("sent", "expired") or quote.valid_until is None:
        raise Conflict(f"quote {command.quote_id} is {quote.status}")
    if not command.reason.strip():
        raise Invalid(FieldError("/reason", "is needed to extend a quote"))
    if command.valid_until == quote.valid_until and quote.status == "sent":
        return []
    if command.valid_until < quote.valid_until:
        raise Invalid(FieldError("/valid_until", f"is before {quote.valid_until}"))
    _in_future(end_of(command.valid_until, quote.issuer_zone), command.at)
    told = (quote.valid_until, command.valid_until, command.extended_by, command.reason)
    return [QuoteValidityExtended(command.quote_id, *told)]


def withdraw(quote: Quote, command: WithdrawQuote) -> Events:
    """An offer nobody accepted or rejected can be taken back."""
    if quote.status == "withdrawn":
        return []
    going_on(quote, command.quote_id)
    return [QuoteWithdrawn(command.quote_id, command.reason)]


def expire(quote: Quote, command: ExpireQuote | Elapsed) -> Events:
    """Nothing happens to what is not out, or stands longer by now (S-3)."""
    if quote.drafted is None or quote.status != "sent" or quote.ends_at is None or command.at < quote.ends_at:
        return []
    return [QuoteExpired(quote.drafted.quote_id, quote.revision)]


def _in_future(end: datetime, at: datetime) -> None:
    if end <= at:
        raise Invalid(FieldError("/valid_until", "is over already"))


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(FieldError("/issuer_zone", f"{name} is no time zone")) from error


DECIDE: dict[type, Callable[[Quote, Any], Events]] = {
    **DRAFTING,
    SendQuote: send,
    RecordView: view,
    AcceptQuote: accept,
    RejectQuote: reject,
    ExtendValidity: extend,
    WithdrawQuote: withdraw,
    ExpireQuote: expire,
    Elapsed: expire,
}


def decide(quote: Quote, command: Any) -> Events:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](quote, command)
