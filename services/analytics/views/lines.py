"""What a fact view says of one entity, in one line: the state that follows from its facts. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from services.analytics.metrics.tickets import clocks, dims_of
from services.analytics.views.facts import Entity, Fact
from shared.days import DAY

Line = dict[str, Any]
Say = Callable[[Entity], Line]


def line(entity: Entity, say: Say) -> Line:
    """Return the line with whom it is about, since when, and the ids of the events that made it."""
    first, last = entity.facts[0], entity.facts[-1]
    frame = {"id": entity.stream, "customer": entity.customer, "began": first.at, "changed": last.at}
    return {**frame, **say(entity), "events": [fact.id for fact in entity.facts]}


def state(statuses: Mapping[str, str], *fields: str) -> Say:
    """Return what tells the status by the last event of these types, and the fields as said last."""

    def say(entity: Entity) -> Line:
        last = entity.last(*statuses)
        return {"status": statuses[last.type] if last else None, **_said(entity, fields)}

    return say


def _said(entity: Entity, fields: tuple[str, ...]) -> Line:
    found: Line = {}
    for fact in entity.facts:
        found |= {name: fact.data[name] for name in fields if name in fact.data}
    return found


def stages(deal: Entity) -> Line:
    """Return every stage of a deal with the days in it; entries into one stage are added."""
    said = _said(deal, ("owner", "pipeline_id", "amount", "product", "probability_to", "reason_code"))
    moves = [f for f in deal.facts if f.type in MOVES]
    days: dict[str, float] = {}
    history = []
    stage = ""
    for move, after in zip_longest(moves, moves[1:]):
        stage = move.data.get("to_stage") or move.data.get("stage") or MOVES[move.type] or stage
        end = after.at if after else None
        spent = (end - move.at) / DAY if end else None
        days[stage] = days.get(stage, 0.0) + (spent or 0.0)
        history.append({"stage": stage, "from": move.at, "to": end, "by": move.id})
    return {**said, "stage": stage, "history": history, "days": {k: round(v, 4) for k, v in days.items()}}


MOVES = {
    "OpportunityOpened": "", "OpportunityStageChanged": "", "OpportunityReopened": "",
    "OpportunityWon": "won", "OpportunityLost": "lost",
}  # fmt: skip


def ticket(entity: Entity) -> Line:
    """Return a ticket with its clocks: due, met or breached, business seconds."""
    known = state(TICKET, "ticket_no", "resolution_code")(entity)
    shown = [
        {"kind": c.kind, "cycle": c.cycle, "state": c.state, "due_at": c.due_at, "elapsed_s": c.elapsed_s}
        for c in clocks(entity)
    ]
    return {**known, **dims_of(entity), "clocks": shown}


TICKET = {
    "TicketOpened": "open", "TicketResumed": "open", "TicketReopened": "open", "TicketHeld": "held",
    "TicketResolved": "resolved", "TicketClosed": "closed", "TicketsMerged": "merged",
    "TicketMarkedSpam": "spam",
}  # fmt: skip


def order(entity: Entity) -> Line:
    """Return an order with what came back of it, and the days it took."""
    known = state(ORDER, "promised_on", "country", "campaign_id", "offer_code")(entity)
    placed, delivered = entity.first("OrderPlaced"), entity.first("OrderDelivered")
    back = sum(f.data["money"]["amount"] for f in entity.facts if f.type in TAKEN_BACK)
    days = round((delivered.at - placed.at) / DAY, 4) if placed and delivered else None
    return {**known, "total": placed and placed.data["money"], "taken_back": back, "days_to_deliver": days}


TAKEN_BACK = ("OrderReturned", "OrderCancelled")
ORDER = {
    "OrderPlaced": "placed", "OrderShipped": "shipped", "OrderDelivered": "delivered",
    "OrderCancelled": "cancelled", "OrderReturned": "returned",
}  # fmt: skip


def ledger(entity: Entity) -> Line:
    """Return every statement on consent, none left out (C-5)."""
    return {"entries": [_entry(fact) for fact in entity.facts]}


def _entry(fact: Fact) -> Line:
    moments: dict[str, datetime] = {"at": fact.at, "recorded_at": fact.recorded_at}
    return {**fact.data, "granted": fact.type == "ConsentGranted", **moments, "by": fact.id}


LEAD = {
    "LeadCaptured": "new", "LeadContactAttempted": "working", "LeadQualified": "qualified",
    "LeadDisqualified": "disqualified", "LeadRecycled": "recycled", "LeadConverted": "converted",
    "LeadMarkedDuplicate": "duplicate",
}  # fmt: skip
QUOTE = {
    "QuoteDrafted": "draft", "QuoteSent": "sent", "QuoteValidityExtended": "sent",
    "QuoteAccepted": "accepted", "QuoteRejected": "rejected", "QuoteExpired": "expired",
    "QuoteWithdrawn": "withdrawn",
}  # fmt: skip
SURVEY = {
    "SurveyRequested": "requested", "SurveyResponded": "responded", "SurveyLapsed": "lapsed",
    "SurveySkipped": "skipped",
}  # fmt: skip
REDEMPTION = {
    "OfferRedeemed": "redeemed", "RedemptionRefused": "refused", "OfferRedemptionReversed": "reversed",
}  # fmt: skip
MESSAGE = {
    "MessageQueued": "queued", "MessageSuppressed": "suppressed", "MessageSent": "sent",
    "MessageDelivered": "delivered", "MessageBounced": "bounced",
}  # fmt: skip
CASE = {
    "ProactiveCaseRaised": "raised", "OutreachAttempted": "contacted", "ProactiveCaseResolved": "resolved",
}  # fmt: skip
AGREEMENT = {
    "AgreementStarted": "active", "AgreementRenewed": "renewed", "AgreementEnded": "ended",
}  # fmt: skip
