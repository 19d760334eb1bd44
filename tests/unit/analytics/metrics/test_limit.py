"""The limit to teams: whoever is held to it learns of its own teams alone, by every way a metric is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial

import pytest

from services.analytics.domain.report import Query
from services.analytics.metrics import METRICS, metric_of, newest
from services.analytics.metrics.body import body_of
from services.analytics.metrics.drill import behind
from services.analytics.metrics.engine import measured
from services.analytics.metrics.exports import csv_of
from services.analytics.metrics.limit import told_by_team
from services.analytics.metrics.metric import Metric
from services.analytics.metrics.question import PERIODS, Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.reports.answering import Answering, chart_of
from services.analytics.reports.page import Page
from services.analytics.reports.rendering import Rendering
from services.analytics.reports.shipped import SHIPPED
from shared.errors import Denied
from tests.company import Company
from tests.unit.analytics.metrics.folded import Folded

MAY = Window(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
FIRST, HOUR, DAY = datetime(2026, 5, 4, 9, tzinfo=UTC), timedelta(hours=1), timedelta(days=1)
HOME, AWAY, NOBODY = "home", "away", None
TOLD, UNTOLD = ([m for m in METRICS if told_by_team(m) == told] for told in (True, False))
by_name = partial(pytest.mark.parametrize, "metric", ids=lambda m: f"{m.id}_{m.version}")


def helped(company: Company, number: int, team: str | None) -> None:
    """Let a customer ask for help, be answered twice, be asked how it was, and ask again."""
    customer, at = f"c-{number}", FIRST + number * DAY
    ticket = partial(company.write, "support", ticket_id=str(number))

    def say(type_: str, after: timedelta, /, **said: object) -> None:
        ticket(type_, f"ticket-{number}", customer, at=at + after, channel="email", **said)

    say("TicketOpened", 0 * HOUR, ticket_no=str(number), origin="reactive", priority="high")
    if team:
        say("TicketAssigned", 0 * HOUR, team=team, handler=f"{team}-ann")
    for kind in ("first_response", "next_response", "resolution"):
        say("SlaClockStarted", 0 * HOUR, kind=kind, cycle=1, due_at=(at + DAY).isoformat())
    for kind, hours in (("first_response", 1), ("next_response", 3)):
        say("ReplySent", hours * HOUR, public=True, automatic=False)
        say("SlaTargetMet", hours * HOUR, kind=kind, cycle=1, elapsed_s=60 * (number + 1))
        say("CustomerMessageReceived", (hours + 1) * HOUR)
    say("TicketResolved", 5 * HOUR, cycle=1, resolution_code="done")
    say("SlaTargetMet", 5 * HOUR, kind="resolution", cycle=1, elapsed_s=600 * (number + 1))
    say("TicketReopened", 7 * HOUR, cycle=2, cause="customer_message")
    for kind in ("csat", "nps", "ces"):
        survey = f"survey-{number}-{kind}"
        ticket("SurveyRequested", survey, customer, at=at + 6 * HOUR, kind=kind, cycle=1)
        said = {"kind": kind, "score": 1 + number, "low": True, "themes": ["speed"]}
        ticket("SurveyResponded", survey, customer, at=at + 8 * HOUR, **said)


@cache
def reader() -> Reader:
    """Return the reader of two tickets of one team, one of another, and one of nobody."""
    company = Company()
    for number, team in enumerate((HOME, AWAY, HOME, NOBODY)):
        helped(company, number, team)
    return Reader(Folded(company.events()))


def told(metric: Metric, question: Question) -> dict[str, object]:
    """Return an answer without what only names the question."""
    body = body_of(measured(metric, question, reader()))
    return body | {"parameters": None, "limited_to": None}


def splits(metric: Metric) -> Sequence[str | None]:
    """Return every way a metric can be split, and none."""
    return (None, *PERIODS, *metric.source.dimensions)


@by_name(argvalues=TOLD)
def test_a_limited_answer_is_that_of_the_team_and_less_than_the_company_s(metric: Metric) -> None:
    """Whatever the split: the same numbers, points and labels as for the scope of the team."""
    for by in splits(metric):
        question = Question(MAY, by=by)
        limited = told(metric, replace(question, teams=(HOME,)))
        assert limited == told(metric, replace(question, scope=scope_of(f"team:{HOME}"))), by
        assert 0 < limited["n"] < told(metric, question)["n"]


@by_name(argvalues=TOLD)
def test_the_events_behind_a_limited_value_are_those_of_the_team(metric: Metric) -> None:
    """None of another team's, and none of what nobody looked after."""
    found, company = (behind(metric, Question(MAY, teams=t), reader(), None, 200) for t in ((HOME,), ()))
    customers = {fact.customer for _, _, fact in found}
    assert customers == {"c-0", "c-2"}
    assert [b for b in company if b[2].customer in customers] == found


@by_name(argvalues=UNTOLD)
def test_a_metric_that_is_not_told_by_team_is_denied(metric: Metric) -> None:
    """By its name, with the limit."""
    with pytest.raises(Denied, match=rf"{metric.id} is not told by team.*limited to teams \(home\)"):
        measured(metric, Question(MAY, teams=(HOME,)), reader())


def test_a_scope_is_narrowed_further() -> None:
    """The own team as it is, somebody else's handler and customer as nothing, another team not at all."""
    csat, question = metric_of("csat"), Question(MAY, teams=(HOME,))

    def count(scope: str) -> object:
        return told(csat, replace(question, scope=scope_of(scope)))["n"]

    assert [count(f"team:{HOME}"), count("handler:home-ann"), count("customer:c-2")] == [2, 2, 1]
    assert [count("handler:away-ann"), count("customer:c-1"), count("customer:c-3")] == [0, 0, 0]
    with pytest.raises(Denied, match=r"team:away is another team's.*limited to teams \(home\)"):
        count(f"team:{AWAY}")


def test_a_split_names_nobody_of_another_team() -> None:
    """Handlers, teams and customers are those of the rows there are; two teams see both."""

    def labels(by: str, *teams: str) -> list[str]:
        found = measured(metric_of("csat"), Question(MAY, by=by, teams=teams), reader())
        return [point.label for point in found.points]

    assert labels("handler", HOME) == ["home-ann"]
    assert labels("team", HOME) == [HOME]
    assert labels("customer", HOME) == ["c-0", "c-2"]
    assert labels("team", HOME, AWAY) == [AWAY, HOME]
    assert labels("team") == ["", AWAY, HOME]


def test_an_answer_says_its_limit_in_every_form() -> None:
    """As a field, as a column, beside the picture; an answer without limit says nothing of one."""
    body = body_of(measured(metric_of("csat"), Question(MAY, teams=(HOME, AWAY)), reader()))
    whole = body_of(measured(metric_of("csat"), Question(MAY), reader()))

    assert body["limited_to"] == (HOME, AWAY)
    head, line = csv_of(body).splitlines()
    assert (head.split(",")[-1], line.endswith('"home, away"')) == ("limited_to", True)
    assert chart_of(body).columns[1].name == "Customer satisfaction, limited to home, away"
    assert "limited" not in f"{whole} {csv_of(whole)} {chart_of(whole)}"


def rendered(name: str, *teams: str) -> Page:
    """Return a shipped report as of the end of May."""
    rendering = Rendering(Answering(reader()), dict, None, None)  # type: ignore[arg-type]
    return rendering.page(SHIPPED[name][0], MAY.to, MAY.to, teams)


def test_row_114_the_satisfaction_of_a_team_is_a_report_of_its_own() -> None:
    """Every part of it: none names another team or its people, and the page says whose it is."""
    page, whole = rendered("satisfaction", HOME), rendered("satisfaction")
    assert [part.answer.name for part in page.parts] == [part.answer.name for part in whole.parts]
    assert all(part.answer.rows for part in page.parts)
    assert "away" in str(whole.parts)
    assert "away" not in str(page.parts)
    assert page.origin == "satisfaction, version 1, limited to home"
    assert "limited" not in whole.origin


def test_a_report_that_asks_more_is_denied_as_a_whole() -> None:
    """Half a report would be taken for the whole one; the metric in the way is named."""
    with pytest.raises(Denied, match="lead_response_time is not told by team"):
        rendered("processes", HOME)


def test_a_report_about_another_team_is_denied() -> None:
    """The scope of its query stays what it is."""
    query = Query("q", "csat", scope=f"team:{AWAY}")
    with pytest.raises(Denied, match="team:away"):
        Answering(reader())(query, MAY.to, MAY.to, (HOME,))


def test_there_are_metrics_of_both_kinds() -> None:
    """Those of surveys and tickets are told by team."""
    assert {"csat", "nps", "first_contact_resolution", "tickets"} <= {m.id for m in newest(TOLD)}
    assert {"net_revenue", "monetary", "proactive_share"} <= {m.id for m in newest(UNTOLD)}
