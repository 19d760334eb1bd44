"""Problem: what several tickets are effects of; when it is solved, each of them hears of it once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from shared.decide.decider import Decider
from shared.errors import Conflict, NotFound
from shared.values import Code, Id, Length, Text

Title = Annotated[str, Length(1, 200)]


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """Say what is wrong; tickets may have been linked to it before."""

    problem_id: Id
    title: Title
    category: Code | None = None


@dataclass(frozen=True, slots=True)
class LinkTicket:
    """Note that a ticket is one of its effects."""

    problem_id: Id
    ticket_id: Id


@dataclass(frozen=True, slots=True)
class ResolveProblem:
    """Say how it was solved, in words that customers may read."""

    problem_id: Id
    resolution: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class ReopenProblem:
    """Say why it is not solved after all."""

    problem_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class ProblemOpened:
    """Something is wrong that is behind tickets."""

    problem_id: Id
    title: Title
    category: Code | None = None


@dataclass(frozen=True, slots=True)
class ProblemTicketLinked:
    """The ticket is one of its effects."""

    problem_id: Id
    ticket_id: Id


@dataclass(frozen=True, slots=True)
class ProblemResolved:
    """It is solved."""

    problem_id: Id
    resolution: Text
    resolved_at: datetime


@dataclass(frozen=True, slots=True)
class ProblemResolutionShared:
    """The ticket is to hear that it is solved."""

    problem_id: Id
    ticket_id: Id
    resolution: Text


@dataclass(frozen=True, slots=True)
class ProblemReopened:
    """It is not solved after all."""

    problem_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class ProblemReturnShared:
    """The ticket is to hear that it is not solved after all."""

    problem_id: Id
    ticket_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem and its tickets, in the order they were linked."""

    status: Literal["unknown", "open", "resolved"] = "unknown"
    opened: ProblemOpened | None = None
    tickets: tuple[str, ...] = ()
    resolved: ProblemResolved | None = None


def _open(problem: Problem, command: OpenProblem) -> list[Any]:
    opened = ProblemOpened(command.problem_id, command.title, command.category)
    if problem.opened not in (None, opened):
        raise Conflict(f"problem {command.problem_id} was opened before with other content")
    return [] if problem.opened else [opened]


def _link(problem: Problem, command: LinkTicket) -> list[Any]:
    """Once each; what is linked after the end hears of the end at once."""
    if command.ticket_id in problem.tickets:
        return []
    linked = ProblemTicketLinked(command.problem_id, command.ticket_id)
    return [linked, *([_shared(problem.resolved, command.ticket_id)] if problem.resolved else [])]


def _resolve(problem: Problem, command: ResolveProblem) -> list[Any]:
    if problem.opened is None:
        raise NotFound(f"problem {command.problem_id} is not known")
    if problem.resolved:
        return []
    resolved = ProblemResolved(command.problem_id, command.resolution, command.at)
    return [resolved, *(_shared(resolved, ticket) for ticket in problem.tickets)]


def _reopen(problem: Problem, command: ReopenProblem) -> list[Any]:
    """Whoever heard of the end hears that it was none."""
    if problem.opened is None:
        raise NotFound(f"problem {command.problem_id} is not known")
    if problem.resolved is None:
        return []
    told = (ProblemReturnShared(command.problem_id, ticket, command.reason) for ticket in problem.tickets)
    return [ProblemReopened(command.problem_id, command.reason), *told]


def _shared(resolved: ProblemResolved, ticket_id: str) -> ProblemResolutionShared:
    return ProblemResolutionShared(resolved.problem_id, ticket_id, resolved.resolution)


DECIDE: dict[type, Callable[[Problem, Any], list[Any]]] = {
    OpenProblem: _open,
    LinkTicket: _link,
    ResolveProblem: _resolve,
    ReopenProblem: _reopen,
}
EVOLVE: dict[type, Callable[[Problem, Any], Problem]] = {
    ProblemOpened: lambda problem, e: replace(problem, status="open", opened=e),
    ProblemTicketLinked: lambda problem, e: replace(problem, tickets=(*problem.tickets, e.ticket_id)),
    ProblemResolved: lambda problem, e: replace(problem, status="resolved", resolved=e),
    ProblemResolutionShared: lambda problem, _: problem,
    ProblemReopened: lambda problem, _: replace(problem, status="open", resolved=None),
    ProblemReturnShared: lambda problem, _: problem,
}


def summary(problem: Problem) -> dict[str, Any] | None:
    """Return the line in lists."""
    if problem.opened is None:
        return None
    told = {"title": problem.opened.title, "category": problem.opened.category}
    return {"status": problem.status, **told, "tickets": len(problem.tickets)}


PROBLEM = Decider(
    category="problem",
    service="support",
    initial=Problem(),
    decide=lambda problem, command: DECIDE[type(command)](problem, command),
    evolve=lambda problem, event: EVOLVE[type(event)](problem, event),
    events=tuple(EVOLVE),
    commands={"open": OpenProblem, "resolve": ResolveProblem, "reopen": ReopenProblem},
    opens=(OpenProblem,),
    summary=summary,
    filters=("status", "category"),
)
