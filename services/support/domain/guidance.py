"""Guidance: one customer's way through a guide, in the version it was begun with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.support.domain.guide import Choice, GuidePublished, Tree
from shared.decide import Facts
from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import FILLED, Code, Id, Positive, Text


@dataclass(frozen=True, slots=True)
class Known:
    """The guide as it is published now, and whether the ticket it is about was opened."""

    published: GuidePublished | None
    ticket: bool = False


@dataclass(frozen=True, slots=True)
class StartGuide:
    """Begin the guide as it is published now; what is answered about a ticket is kept there too."""

    guidance_id: Id
    guide_id: Id
    customer: Id | None = None
    ticket_id: Id | None = None
    known: Known | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class AnswerGuideStep:
    """Answer the question that is asked now."""

    guidance_id: Id
    question: Code
    answer: Code


@dataclass(frozen=True, slots=True)
class GuideStarted:
    """A customer began; the tree is the one of this version."""

    guidance_id: Id
    guide_id: Id
    version: Positive
    tree: Tree
    ticket_id: Id | None = None


@dataclass(frozen=True, slots=True)
class GuideStepAnswered:
    """The customer answered a question; the next one, if there is one, is asked now, or the outcome told."""

    guidance_id: Id
    guide_id: Id
    question: Code
    answer: Code
    next_question: Code | None = None
    outcome: Text | None = None
    ticket_id: Id | None = None


@dataclass(frozen=True, slots=True)
class GuideConcluded:
    """The guide led to an outcome."""

    guidance_id: Id
    guide_id: Id
    outcome: Text


@dataclass(frozen=True, slots=True)
class Guidance:
    """Where the customer stands."""

    started: GuideStarted | None = None
    asked: str | None = None
    outcome: str | None = None


def decide(guidance: Guidance, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, StartGuide):
        return _start(guidance, command)
    if guidance.started is None:
        raise NotFound(f"guidance {command.guidance_id} is not known")
    return _answer(guidance, guidance.started, command)


def _start(guidance: Guidance, command: StartGuide) -> list[Any]:
    if guidance.started:
        return []
    facts = command.known
    if facts is None or facts.published is None:
        raise NotFound(f"guide {command.guide_id} is not published")
    if command.ticket_id and not facts.ticket:
        raise NotFound(f"ticket {command.ticket_id} is not known")
    tree = (facts.published.version, facts.published.tree)
    return [GuideStarted(command.guidance_id, command.guide_id, *tree, command.ticket_id)]


def _answer(guidance: Guidance, started: GuideStarted, command: AnswerGuideStep) -> list[Any]:
    if guidance.asked != command.question:
        raise Conflict(f"guidance {command.guidance_id} asks {guidance.asked or 'nothing any more'}")
    choice = _choice(started, command)
    key, guide_id = command.guidance_id, started.guide_id
    told = (command.question, command.answer, choice.leads_to, choice.outcome, started.ticket_id)
    answered = GuideStepAnswered(key, guide_id, *told)
    concluded = [] if choice.outcome is None else [GuideConcluded(key, guide_id, choice.outcome)]
    return [answered, *concluded]


def _choice(started: GuideStarted, command: AnswerGuideStep) -> Choice:
    question = next(q for q in started.tree if q.question == command.question)
    found = next((c for c in question.choices if c.answer == command.answer), None)
    if found is None:
        known = ", ".join(c.answer for c in question.choices)
        raise Invalid(FieldError("/answer", f"is not one of {known}"))
    return found


EVOLVE: dict[type, Callable[[Guidance, Any], Guidance]] = {
    GuideStarted: lambda _, e: Guidance(e, e.tree[0].question),
    GuideStepAnswered: lambda guidance, e: replace(guidance, asked=e.next_question),
    GuideConcluded: lambda guidance, e: replace(guidance, outcome=e.outcome),
}


def _names(_: Guidance, command: StartGuide) -> list[tuple[str, str]]:
    ticket = [("ticket", command.ticket_id)] if command.ticket_id else []
    return [("guide", command.guide_id), *ticket]


def _known(found: Sequence[Any]) -> Known:
    guide, *tickets = found
    published = None if guide.retired else guide.published
    return Known(published, any(ticket.opened for ticket in tickets))


GUIDANCE = Decider(
    category="guidance",
    service="support",
    initial=Guidance(),
    decide=decide,
    evolve=lambda guidance, event: EVOLVE[type(event)](guidance, event),
    events=tuple(EVOLVE),
    commands={"start": StartGuide, "answer": AnswerGuideStep},
    opens=(StartGuide,),
    facts={StartGuide: Facts("known", _names, _known)},
)
