"""ProactiveCase: we saw that a customer will need help before the customer asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from services.support.domain.vocabularies import OUTREACH_OUTCOMES, Choices, codes_of
from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.events.ids import derived
from shared.values import FILLED, Code, Id, Length, Positive
from shared.vocabulary import admitted

Evidence = Annotated[tuple[Id, ...], Length(1, 100)]
Ending = Literal["resolved", "unreachable", "unneeded"]
STANDARD_OUTCOMES = ("reached", "no_answer", "message_left", "refused")  # while no vocabulary says otherwise


def case_of(rule_id: str, evidence: Sequence[str]) -> str:
    """Return the id of the one case that a rule raises on this evidence (T-10)."""
    return derived("case", rule_id, *sorted(evidence))


@dataclass(frozen=True, slots=True)
class RaiseCase:
    """Say which rule saw it, and by which events."""

    case_id: Id
    rule_id: Code
    rule_version: Positive
    evidence_event_ids: Evidence
    order_id: Id | None = None
    customer: Id | None = None


@dataclass(frozen=True, slots=True)
class RecordOutreach:
    """Say that somebody tried to reach the customer, and how it went."""

    case_id: Id
    channel: Code
    outcome: Code
    codes: Choices = field(default_factory=dict, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ResolveCase:
    """End the case; a ticket may have come of it."""

    case_id: Id
    outcome: Ending = "resolved"
    ticket_id: Id | None = None


@dataclass(frozen=True, slots=True)
class ProactiveCaseRaised:
    """A rule saw that the customer will need help; these events made it think so (T-10)."""

    case_id: Id
    rule_id: Code
    rule_version: Positive
    evidence_event_ids: Evidence
    order_id: Id | None = None


@dataclass(frozen=True, slots=True)
class OutreachAttempted:
    """Somebody tried to reach the customer."""

    case_id: Id
    channel: Code
    outcome: Code


@dataclass(frozen=True, slots=True)
class ProactiveCaseResolved:
    """It is over: helped, not to be reached, or there was no need."""

    case_id: Id
    outcome: Ending
    ticket_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A proactive case."""

    status: Literal["unknown", "raised", "contacted", "resolved", "unreachable", "unneeded"] = "unknown"
    raised: ProactiveCaseRaised | None = None
    attempts: int = 0
    ticket_id: str | None = None


def decide(case: Case, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, RaiseCase):
        return _raise(case, command)
    if case.raised is None:
        raise NotFound(f"case {command.case_id} is not known")
    if isinstance(command, ResolveCase) and case.status == command.outcome:
        return []
    if case.status not in ("raised", "contacted"):
        raise Conflict(f"case {command.case_id} is {case.status}")
    if isinstance(command, RecordOutreach):
        codes = command.codes.get(OUTREACH_OUTCOMES)
        admitted(STANDARD_OUTCOMES if codes is None else codes, command.outcome, "/outcome")
        return [OutreachAttempted(command.case_id, command.channel, command.outcome)]
    return [ProactiveCaseResolved(command.case_id, command.outcome, command.ticket_id)]


def _raise(case: Case, command: RaiseCase) -> list[Any]:
    """T-10: the id is that of rule and evidence, so the same raise no other case."""
    if command.case_id != case_of(command.rule_id, command.evidence_event_ids):
        raise Invalid(FieldError("/case_id", "is not the case of this rule and evidence"))
    told = (command.rule_id, command.rule_version, command.evidence_event_ids, command.order_id)
    return [] if case.raised else [ProactiveCaseRaised(command.case_id, *told)]


EVOLVE: dict[type, Callable[[Case, Any], Case]] = {
    ProactiveCaseRaised: lambda _, e: Case("raised", e),
    OutreachAttempted: lambda case, _: replace(case, status="contacted", attempts=case.attempts + 1),
    ProactiveCaseResolved: lambda case, e: replace(case, status=e.outcome, ticket_id=e.ticket_id),
}


def summary(case: Case) -> dict[str, Any] | None:
    """Return the line in lists."""
    if case.raised is None:
        return None
    raised = {"rule_id": case.raised.rule_id, "order_id": case.raised.order_id}
    return {"status": case.status, **raised, "attempts": case.attempts, "ticket_id": case.ticket_id}


CASE = Decider(
    category="case",
    service="support",
    initial=Case(),
    decide=decide,
    evolve=lambda case, event: EVOLVE[type(event)](case, event),
    events=tuple(EVOLVE),
    commands={"record-outreach": RecordOutreach, "resolve": ResolveCase},
    opens=(RaiseCase,),
    summary=summary,
    filters=("status", "rule_id", "customer"),
    facts={RecordOutreach: codes_of(OUTREACH_OUTCOMES)},
)
