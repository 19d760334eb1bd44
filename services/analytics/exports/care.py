"""Tables of service: tickets, what happened to them, and what customers answered."""

from collections.abc import Iterator

from services.analytics.exports.events import EVENT, base
from services.analytics.exports.sales import WHO, moment_of
from services.analytics.exports.table import Entities, Facts, Row, Table, columns
from services.analytics.views.facts import Entity
from services.analytics.views.facts_support import TICKET
from shared.events import Event

STEP = {
    "TicketOpened": "opened", "CustomerMessageReceived": "customer_wrote", "ReplySent": "replied",
    "TicketHeld": "held", "TicketResumed": "resumed", "PriorityChanged": "priority_changed",
    "TicketEscalated": "escalated", "TicketAssigned": "assigned", "TicketResolved": "resolved",
    "TicketReopened": "reopened", "TicketClosed": "closed", "TicketMarkedSpam": "spam",
    "SlaTargetMet": "target_met", "SlaTargetBreached": "target_breached",
}  # fmt: skip


STATUS = {
    "TicketOpened": "open", "TicketHeld": "held", "TicketResumed": "open", "TicketResolved": "resolved",
    "TicketReopened": "open", "TicketClosed": "closed", "TicketMarkedSpam": "spam", "TicketsMerged": "merged",
}  # fmt: skip


def tickets(entity: Entity) -> Iterator[Row]:
    """Yield the ticket, once it was opened."""
    opened, moved = entity.first("TicketOpened"), entity.last(*STATUS)
    if opened is None or moved is None:
        return
    replies = (f for f in entity.facts if f.type == "ReplySent" and f.data.get("public"))
    reply = next((f for f in replies if not f.data.get("automatic")), None)
    yield {
        "ticket_id": entity.stream.partition("-")[2], "customer": entity.customer, "channel": opened.channel,
        "opened_at": opened.at, "origin": opened.data.get("origin"), "order_no": opened.data.get("order_no"),
        "category": entity.newest({"TicketOpened": "category", "TicketClassified": "category"}),
        "priority": entity.newest({"TicketOpened": "priority", "PriorityChanged": "to_priority"}),
        "handler": entity.newest({"TicketAssigned": "handler"}), "status": STATUS[moved.type],
        "first_reply_at": moment_of(reply), "resolved_at": moment_of(entity.last("TicketResolved")),
        "resolution_code": entity.newest({"TicketResolved": "resolution_code"}),
        "reopened": sum(f.type == "TicketReopened" for f in entity.facts),
        "breaches": sum(f.type == "SlaTargetBreached" for f in entity.facts),
    }  # fmt: skip


CODES = ("resolution_code", "reason", "waiting_on", "cause")


def ticket(known: Event) -> Row:
    """Return a step of a ticket's way."""
    data = known.data
    return {
        **base(known), "ticket_id": data["ticket_id"], "step": STEP[known.type],
        "category": data.get("category"), "priority": data.get("priority") or data.get("to_priority"),
        "clock": data.get("kind") if known.type.startswith("Sla") else None,
        "handler": data.get("handler"), "team": data.get("team"),
        "code": next((data[name] for name in CODES if data.get(name)), None),
    }  # fmt: skip


def survey(known: Event) -> Row:
    """Return an answer; the comment is personal and left out."""
    data = known.data
    return {
        **base(known), "survey_id": data["survey_id"], "ticket_id": data["ticket_id"], "kind": data["kind"],
        "score": data["score"], "low": data["low"], "correction": data.get("correction", False),
    }  # fmt: skip


CARE_TABLES: tuple[Table, ...] = (
    Table("tickets", 1, "One row per ticket.", ("ticket_id",), "opened_at", columns(
        ticket_id="text: the ticket", **WHO, opened_at="moment: when it was opened",
        origin="text: who began it",
        order_no="text: the order it is about", category="text: as classified last",
        priority="text: low, normal, high or urgent", handler="text: who has it",
        status="text: open, held, resolved, closed, spam or merged",
        first_reply_at="moment: first public answer of a person", resolved_at="moment: when last resolved",
        resolution_code="text: how", reopened="integer: times", breaches="integer: targets missed",
    ), Entities(TICKET, tickets)),
    Table("ticket_steps", 1, "One row per step of a ticket.", ("event_id",), "occurred_at", columns(
        **EVENT, ticket_id="text: the ticket", step=f"text: {', '.join(STEP.values())}",
        category="text: of the ticket, when told", priority="text: low, normal, high or urgent, when told",
        clock="text: first_response, next_response or resolution", handler="text: who, when told",
        team="text: which, when told", code="text: resolution code, reason, or what is waited for",
    ), Facts(frozenset(STEP), ticket)),
    Table("surveys", 1, "One row per answer to a survey.", ("event_id",), "occurred_at", columns(
        **EVENT, survey_id="text: the survey", ticket_id="text: the ticket", kind="text: csat, nps or ces",
        score="integer: as answered", low="flag: whether it calls for a follow-up",
        correction="flag: whether it replaces an earlier answer",
    ), Facts(frozenset({"SurveyResponded"}), survey)),
)  # fmt: skip
