"""The timeline: the journal itself, by customer, newest first, each entry as a sentence."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import DESCENDING

from shared.events import Event
from shared.project.aliases import NOW
from shared.project.entry import Entry, Until, from_document
from shared.project.journal import JOURNAL, Journal
from shared.store.lots import in_lots
from shared.values import MINOR_DIGITS

Data = Mapping[str, Any]
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: after which place, of which types and channels, within which bounds."""

    before: Place | None = None
    types: frozenset[str] = frozenset()
    channel: str | None = None
    until: Until = NOW


def page(journal: Journal, refs: Sequence[str], wanted: Wanted, limit: int) -> list[Entry]:
    """Return up to `limit` entries of a customer, newest first."""
    found = [e for lot in in_lots(refs) for e in _of(journal, lot, wanted)]
    found.sort(key=place_of, reverse=True)
    return found[:limit]


def place_of(entry: Entry) -> Place:
    """Return where an entry stands in the timeline."""
    return entry.event.occurred_at, entry.position


def _of(journal: Journal, refs: list[str], wanted: Wanted) -> Iterable[Entry]:
    query: dict[str, Any] = {"customer": {"$in": refs}}
    latest = min((m for m in (wanted.before and wanted.before[0], wanted.until.as_of) if m), default=None)
    if latest:
        query["occurred_at"] = {"$lte": latest}
    if wanted.types:
        query["type"] = {"$in": sorted(wanted.types)}
    if wanted.channel:
        query["meta.channel"] = wanted.channel
    found = journal.database[JOURNAL].find(query).sort("occurred_at", DESCENDING)
    entries = map(from_document, found)
    return [e for e in entries if _inside(e, wanted)]


def _inside(entry: Entry, wanted: Wanted) -> bool:
    before = wanted.before is None or place_of(entry) < wanted.before
    return before and wanted.until.holds(entry.event.occurred_at, entry.event.recorded_at)


def describe(event: Event) -> str:
    """Return one sentence on an event, without any personal value."""
    say = SENTENCES.get(event.type)
    return say(event.data) if say else _words(event.type)


def _words(type_: str) -> str:
    return re.sub("(?<!^)([A-Z])", r" \1", type_).capitalize()


def money(amount: Data | None) -> str:
    """Return an amount such as 12.50 GBP."""
    if not amount:
        return "an unknown amount"
    digits = MINOR_DIGITS.get(amount["currency"], 2)
    return f"{amount['amount'] / 10**digits:.{digits}f} {amount['currency']}"


def _interaction(data: Data) -> str:
    kind = str(data["kind"]).replace("_", " ").capitalize()
    place = data.get("place") or data.get("regarding")
    return f"{kind}: {place}" if place else kind


SENTENCES: Mapping[str, Callable[[Data], str]] = {
    "InteractionRecorded": _interaction,
    "ContactRegistered": lambda d: f"First seen in {d.get('source') or 'the system'}",
    "ContactIdentified": lambda _: "The visitor became known",
    "ContactIdentifierLinked": lambda d: f"{str(d['kind']).replace('_', ' ').capitalize()} linked",
    "ContactIdentifierUnlinked": lambda d: f"{str(d['kind']).replace('_', ' ').capitalize()} unlinked",
    "ContactsMerged": lambda d: f"Merged with {d['absorbed_id']} ({d.get('rule')})",
    "ContactsUnmerged": lambda d: f"Parted from {d['absorbed_id']}",
    "ContactErased": lambda _: "Personal data erased",
    "ProfileAttributeChanged": lambda d: f"{str(d['field']).replace('_', ' ').capitalize()} changed",
    "OrderPlaced": lambda d: f"Order {d['order_no']} placed for {money(d['total'])}",
    "OrderReturned": lambda d: f"Goods returned for {money(d['value'])}",
    "OrderCancelled": lambda d: f"Order {d['order_id']} cancelled, {money(d['value'])} taken back",
    "OrderPaymentRecorded": lambda d: f"Paid {money(d['amount'])} for order {d['order_id']}",
    "OrderShipped": lambda d: f"Order {d['order_id']} shipped",
    "OrderDelivered": lambda d: f"Order {d['order_id']} delivered",
    "RefundIssued": lambda d: f"Refund of {money(d['amount'])} for order {d['order_id']}",
    "DeliveryPromised": lambda d: f"Delivery of order {d['order_id']} promised for {d['promised_on']}",
    "QuoteDrafted": lambda d: f"Quote {d['quote_id']} drafted for {money(d['total'])}",
    "QuoteSent": lambda d: f"Quote {d['quote_id']} sent, valid until {d['valid_until']}",
    "QuoteAccepted": lambda d: f"Quote {d['quote_id']} accepted",
    "QuoteRejected": lambda d: f"Quote {d['quote_id']} rejected ({d.get('reason_code')})",
    "LeadCaptured": lambda d: f"Lead from {d['source']}",
    "ConsentGranted": lambda d: f"Allowed {d['purpose']} by {d['channel']}",
    "ConsentWithdrawn": lambda d: f"No longer allows {d['purpose']} by {d['channel']}",
    "ContactLinked": lambda d: f"Became {d['role']} of organization {d['organization_id']}",
    "ContactUnlinked": lambda d: f"No longer {d['role']} of organization {d['organization_id']}",
    "SurveyResponded": lambda d: f"Answered a survey ({d['kind']}): {d['score']}",
    "MessageSent": lambda d: f"Message of campaign {d['campaign_id']} sent",
    "LinkClicked": lambda d: f"Link in a message of campaign {d['campaign_id']} followed",
    "OfferRedeemed": lambda d: f"Code {d['code']} used for order {d['order_id']}",
    "OpportunityOpened": lambda d: f"Opportunity {d['opportunity_id']} opened in {d['stage']}",
    "OpportunityStageChanged": lambda d: f"Opportunity {d['opportunity_id']} moved to {d['to_stage']}",
    "OpportunityAmountChanged": lambda d: f"Opportunity {d['opportunity_id']} now {money(d['to_amount'])}",
    "OpportunityWon": lambda d: f"Opportunity {d['opportunity_id']} won for {money(d['amount'])}",
    "OpportunityLost": lambda d: f"Opportunity {d['opportunity_id']} lost ({d.get('reason_code')})",
    "ContactAttempted": lambda d: f"Contacted {d['attempts']} times for campaign {d['campaign_id']}",
    "CampaignResponseRecorded": lambda d: f"Responded to campaign {d['campaign_id']} ({d['kind']})",
    "TicketOpened": lambda d: f"Ticket {d['ticket_no']} opened",
    "TicketEscalated": lambda d: f"Ticket {d['ticket_id']} escalated to level {d['level']}",
    "TicketResolved": lambda d: f"Ticket {d['ticket_id']} solved ({d['resolution_code']})",
    "TicketReopened": lambda d: f"Ticket {d['ticket_id']} reopened",
    "TicketClosed": lambda d: f"Ticket {d['ticket_id']} closed",
    "CustomerMessageReceived": lambda d: f"Message on ticket {d['ticket_id']}",
    "ReplySent": lambda d: f"Reply on ticket {d['ticket_id']}",
}
