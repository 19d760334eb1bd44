"""Which process customers feel: how its timing goes with the score they give afterwards (row 116)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.analytics.metrics.question import EVER, Question, Window
from services.analytics.metrics.reader import Reader, tags_of, within
from services.analytics.metrics.surveys import ANSWERED, about, answers
from services.analytics.metrics.tickets import first_responses, next_responses, resolutions
from services.analytics.views.facts import Entity
from services.analytics.views.facts_support import SURVEY

LEAST = 3
FELT = {"first_response": first_responses, "next_response": next_responses, "resolution": resolutions}


@dataclass(frozen=True, slots=True)
class Impact:
    """A process, Spearman's rank correlation of its timing with the score, and how many answers there are.

    -1: the longer it takes, the lower the score. Fewer than three answers, or equal ones, say nothing.
    """

    process: str
    correlation: float | None
    n: int


def impacts(reader: Reader, question: Question, kind: str) -> list[Impact]:
    """Return every process by the size of its correlation with the scores given in the window."""
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in (*FELT, "reopenings")}
    for score, ticket in _answered(reader, question, kind):
        for name, seconds in timings(ticket, question.end).items():
            pairs[name].append((seconds, score))
    found = [Impact(name, spearman(known), len(known)) for name, known in pairs.items()]
    return sorted(found, key=lambda each: (-abs(each.correlation or 0), each.process))


def timings(ticket: Entity, end: datetime) -> Mapping[str, float]:
    """Return the seconds of each process of a ticket, the longest where it ran more than once."""
    ever = Question(Window(EVER.since, end))
    longest = {
        name: max((row.values["wall_s"] for row in rows(ticket, ever)), default=None)
        for name, rows in FELT.items()
    }
    reopened = sum(1 for fact in ticket.facts if fact.type == "TicketReopened")
    return {name: float(s) for name, s in longest.items() if s is not None} | {"reopenings": float(reopened)}


def _answered(reader: Reader, question: Question, kind: str) -> Iterator[tuple[float, Entity]]:
    surveys = [within(s, question.until) for s in reader.entities(SURVEY, tags_of(ANSWERED, question.window))]
    tickets = about(reader, surveys, question)
    for survey in surveys:
        for row in answers(survey, question):
            if row.dims["kind"] == kind and survey.stream in tickets:
                yield float(row.values["score"]), tickets[survey.stream]


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Spearman's rank correlation, ties sharing their mean rank (Spearman 1904)."""
    if len(pairs) < LEAST:
        return None
    left, right = (_ranks([pair[side] for pair in pairs]) for side in (0, 1))
    middle = (len(pairs) + 1) / 2
    both = sum((a - middle) * (b - middle) for a, b in zip(left, right, strict=True))
    spread = sum((a - middle) ** 2 for a in left) * sum((b - middle) ** 2 for b in right)
    return round(both / spread**0.5, 6) if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered, 1)))}
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]
