"""Surveys: how satisfied customers are, how many answer, and whether somebody acts on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import partial

from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, total
from services.analytics.metrics.question import Question
from services.analytics.metrics.reader import Reader, within
from services.analytics.metrics.tickets import dims_of
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_support import SURVEY, TICKET

Rows = Sequence[Row]
ANSWERED, ASKED = ("SurveyResponded",), ("SurveyRequested",)
SATISFIED, PROMOTER, DETRACTOR = 4, 9, 6


def answers(survey: Entity, question: Question) -> Iterator[Row]:
    """Yield the answer first given in the window, with the score it was corrected to (T-9)."""
    first, last = survey.first(*ANSWERED), survey.last(*ANSWERED)
    window = question.window
    if first is None or last is None or not window.since <= first.at < window.to:
        return
    dims = {"kind": last.data["kind"], "channel": first.channel}
    low = any(f.data.get("low") for f in survey.facts)
    closed = survey.last("FeedbackLoopClosed") is not None
    values = {"answers": 1, "score": last.data["score"], "low": int(low), "closed": int(low and closed)}
    yield Row(day_of(first.at), dims, values, survey.customer)


def requests(survey: Entity, question: Question) -> Iterator[Row]:
    """Yield the request sent in the window, and whether it was answered; a skipped one is none."""
    asked, window = survey.first(*ASKED), question.window
    skipped = survey.first("SurveySkipped")
    if asked is None or skipped or not window.since <= asked.at < window.to:
        return
    dims = {"kind": asked.data["kind"], "channel": asked.channel}
    values = {"requested": 1, "answered": int(survey.first(*ANSWERED) is not None)}
    yield Row(day_of(asked.at), dims, values, survey.customer)


def themed(survey: Entity, question: Question) -> Iterator[Row]:
    """Yield what the answer given in the window is about, a row for each theme."""
    last, window = survey.last(*ANSWERED), question.window
    if last is None or not window.since <= last.at < window.to:
        return
    for theme in last.data.get("themes", ()):
        dims = {"theme": theme, "kind": last.data["kind"], "channel": last.channel}
        yield Row(day_of(last.at), dims, {"themes": 1}, survey.customer)


def about(reader: Reader, surveys: Iterable[Entity], question: Question) -> dict[str, Entity]:
    """Return the ticket that each survey is about, by the survey's stream, as it was within the clocks."""
    told = {survey.stream: survey for survey in surveys}
    refs = {f"customer:{survey.customer}" for survey in told.values() if survey.customer}
    tickets = {ticket.stream: within(ticket, question.until) for ticket in reader.entities(TICKET, refs)}
    named = {stream: f"ticket-{_ticket_id(survey)}" for stream, survey in told.items()}
    return {stream: tickets[ticket] for stream, ticket in named.items() if ticket in tickets}


def _ticket_id(survey: Entity) -> str | None:
    return next((f.data["ticket_id"] for f in survey.facts if f.data.get("ticket_id")), None)


def handled(ticket: Entity | None, by: datetime) -> dict[str, str]:
    """Return the team and the handler that had a ticket by a moment; whoever comes later is not judged."""
    known = tuple(fact for fact in ticket.facts if fact.at <= by) if ticket else ()
    dims = dims_of(Entity("", known))
    return {name: dims[name] for name in HANDLED}


@dataclass(frozen=True)
class Surveys(Entities):
    """Surveys, each under who had its ticket when it began."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections read."""
        return (SURVEY.view, TICKET.view)

    def rows(self, reader: Reader, question: Question) -> Iterator[tuple[Entity, Row]]:
        """Yield every row of the window with the team and the handler of its ticket."""
        rows = list(super().rows(reader, question))
        tickets = about(reader, (survey for survey, _ in rows), question)
        for survey, row in rows:
            had = handled(tickets.get(survey.stream), survey.facts[0].at)
            yield survey, replace(row, dims={**row.dims, **had})


HANDLED = ("team", "handler")
BY = ("kind", "channel", *HANDLED)
ANSWERS = Surveys(SURVEY, ANSWERED, answers, BY)
REQUESTS = Surveys(SURVEY, ASKED, requests, BY)
THEMES = Surveys(SURVEY, ANSWERED, themed, ("theme", *BY))


def _scores(rows: Rows, kind: str) -> list[int]:
    return [row.values["score"] for row in rows if row.dims["kind"] == kind]


def csat(rows: Rows, _: Question) -> Figure:
    """(4s + 5s) / answers, on the scale from 1 to 5."""
    scores = _scores(rows, "csat")
    return ratio(sum(s >= SATISFIED for s in scores), len(scores), "no answer on satisfaction in the window")


def nps(rows: Rows, _: Question) -> Figure:
    """Percent promoters (9, 10) less percent detractors (0 to 6), from -100 to 100 (Reichheld 2003)."""
    scores = _scores(rows, "nps")
    if not scores:
        return Figure(None, 0, reason="no answer on recommendation in the window")
    promoters, detractors = (sum(s >= PROMOTER for s in scores), sum(s <= DETRACTOR for s in scores))
    balance = promoters - detractors
    detail = {"promoters": promoters, "detractors": detractors}
    return Figure(Fraction(100 * balance, len(scores)), len(scores), balance, len(scores), detail=detail)


def ces(rows: Rows, _: Question) -> Figure:
    """Mean agreement that it was easy, on the scale from 1 to 7 (Dixon et al. 2010)."""
    scores = _scores(rows, "ces")
    return ratio(sum(scores), len(scores), "no answer on effort in the window")


def response_rate(rows: Rows, _: Question) -> Figure:
    """Answered / requested and not skipped."""
    return ratio(total(rows, "answered"), total(rows, "requested"), "no survey was requested in the window")


def loop_closure(rows: Rows, _: Question) -> Figure:
    """Low answers that somebody acted on / low answers."""
    return ratio(total(rows, "closed"), total(rows, "low"), "no low answer in the window")


def themes(rows: Rows, _: Question) -> Figure:
    """How often a theme was named; split it by theme."""
    count = total(rows, "themes")
    return Figure(count, count)


define = partial(Metric, owner="support", group="value to customers", perspective="external")

SURVEY_METRICS: tuple[Metric, ...] = (
    define(
        "csat", 1, "Customer satisfaction", "(4s + 5s) / answers, on the scale from 1 to 5",
        "share", ANSWERED, ANSWERS, csat,
    ),
    define(
        "nps", 1, "Net promoter score", "percent of 9 and 10 less percent of 0 to 6",
        "score", ANSWERED, ANSWERS, nps,
    ),
    define(
        "ces", 1, "Customer effort score", "mean agreement that it was easy, on the scale from 1 to 7",
        "score", ANSWERED, ANSWERS, ces,
    ),
    define(
        "survey_response_rate", 1, "Survey response rate",
        "answered / requested, of the surveys requested in the window and not skipped",
        "share", (*ASKED, *ANSWERED), REQUESTS, response_rate,
    ),
    define(
        "loop_closure", 1, "Loop closure", "low answers that somebody acted on / low answers",
        "share", (*ANSWERED, "FeedbackLoopClosed"), ANSWERS, loop_closure,
    ),
    define(
        "feedback_themes", 1, "Feedback themes", "how often answers name a theme; split by theme",
        "count", ANSWERED, THEMES, themes,
    ),
)  # fmt: skip
