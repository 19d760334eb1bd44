"""What metrics keep of support: tickets with their clocks, surveys, proactive cases, self-service."""

from collections.abc import Iterator

from services.analytics.views.facts import Fact, Kind, day_of, only
from shared.events import Event

CLOCK = ("kind", "cycle")
OUTCOMES = ("SlaTargetMet", "SlaTargetBreached", "SlaClockStopped", "SlaClockCancelled")


def due(fact: Fact) -> Iterator[str]:
    """Yield the day and the month in which a clock is due, as said by this fact."""
    day = fact.data.get("due_at")
    if day:
        yield from (f"due:{day[:10]}", f"due:{day[:7]}")


TICKET = Kind(
    "ticket",
    1,
    {
        "TicketOpened": only("ticket_no", "origin", "priority", "category", "channel", "tier", "order_no"),
        "TicketClassified": only("category", "tier"),
        "TicketAssigned": only("team", "handler"),
        "CustomerMessageReceived": only(),
        "ReplySent": only("public", "automatic", "handler"),
        "TicketHeld": only("waiting_on", "until"),
        "TicketResumed": only("cause"),
        "PriorityChanged": only("to_priority"),
        "TicketEscalated": only("level", "reason"),
        "TicketResolved": only("cycle", "resolution_code", "root_cause"),
        "TicketReopened": only("cycle", "cause"),
        "TicketClosed": only(),
        "TicketMarkedSpam": only(),
        "TicketsMerged": only("survivor_id"),
        "SlaClockStarted": only(*CLOCK, "policy_id", "policy_version", "target_s", "due_at", "elapsed_s"),
        "SlaClockPaused": only(*CLOCK, "elapsed_s", "reason"),
        "SlaClockResumed": only(*CLOCK, "due_at"),
        "SlaPolicyChanged": only(*CLOCK, "to_policy", "policy_version", "target_s", "due_at"),
        "SlaTargetMet": only(*CLOCK, "elapsed_s", "at"),
        "SlaTargetBreached": only(*CLOCK, "due_at"),
        "SlaClockStopped": only(*CLOCK, "elapsed_s", "at"),
        "SlaClockCancelled": only(*CLOCK, "reason"),
    },
    due,
)

SURVEY = Kind(
    "survey",
    1,
    {
        "SurveyRequested": only("kind", "ticket_id", "cycle"),
        "SurveySkipped": only("reason"),
        "SurveyResponded": only("kind", "score", "low", "correction", "themes", "ticket_id"),
        "SurveyLapsed": only(),
        "FeedbackLoopClosed": only("action"),
    },
)

CASE = Kind(
    "case",
    1,
    {
        "ProactiveCaseRaised": only("rule_id", "rule_version", "order_id"),
        "OutreachAttempted": only("channel", "outcome"),
        "ProactiveCaseResolved": only("outcome", "ticket_id"),
    },
)


def visit(event: Event) -> str:
    """Return the document of an article's day: an article is read too often for a document of its own."""
    return f"{event.stream}|{day_of(event.occurred_at)}|{event.partition}|{event.version // 200}"


SELF_SERVICE = Kind(
    "self_service",
    1,
    {"TicketDeflected": only("article_id"), "ArticleRated": only("article_id", "helpful")},
    key=visit,
)

SUPPORT_KINDS = (TICKET, SURVEY, CASE, SELF_SERVICE)
