"""Objectives, initiatives and reports over HTTP: measured, judged, rendered twice alike, sent once."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deploy.local.place import ROOT
from deploy.local.processes import free_port, listening
from services.analytics.domain.report import Query
from services.analytics.reports.page import Answer
from services.analytics.reports.sending import Sending
from shared.errors import NotFound
from shared.mail.smtp import Smtp
from tests.company import populate
from tests.integration.analytics.test_api import ADMIN, Desk, desk
from tests.waiting import eventually

__all__ = ["desk"]  # the fixture

pytestmark = pytest.mark.integration
SOON = (datetime.now(UTC) + timedelta(days=400)).date().isoformat()
MORE = {"name": "Sell more", "metric_id": "orders", "deadline": SOON, "owner": "eva", "change_percent": "50",
        "window_days": 365, "baseline_at": "2026-12-01T00:00:00Z", "vision": "A kettle for all"}  # fmt: skip
LAYOUT = [
    {"kind": "heading", "text": "Orders"},
    {"kind": "chart", "query": "o"},
    {"kind": "table", "query": "o"},
]
QUERY = {"name": "o", "metric": "orders", "period": "year", "by": "month"}
AS_OF = "2026-12-01T00:00:00Z"
SCHEDULE = {"first_at": "2026-01-31T07:00:00Z", "every": "month", "sender": "crm@example.com",
            "recipients": ["boss@example.com", "nobody@example.com"], "formats": ["html", "pdf"]}  # fmt: skip


def tell(desk: Desk, path: str, body: dict[str, Any] | None = None) -> Any:
    """Post a command; return the answer."""
    return desk.web.post(f"/v1/{path}", json=body or {}, headers=ADMIN)


def known(desk: Desk) -> dict[str, str]:
    """Return the clocks that hold all that has been published."""
    last = max(event.recorded_at for log in desk.company.logs.values() for event in log)
    return {"as_of": AS_OF, "known_at": last.isoformat()}


def test_an_objective_is_measured_and_judged_as_known_then_and_as_known_now(desk: Desk) -> None:
    """What arrives late changes what is known now, never what was known then."""
    populate(desk.company, customers=3, rounds=2)
    desk.publish()
    placed = sum(e.type == "OrderPlaced" for e in desk.company.logs["sales"])
    assert tell(desk, "objectives/more/set", MORE).status_code == 200
    state = desk.get("/v1/objectives/more")["state"]
    assert state["set"]["baseline"]["value"] == str(placed)
    assert state["target"] == {"direction": "at_least", "value": str(placed * 1.5).removesuffix(".0"),
                               "tolerance": "0", "change_percent": "50"}  # fmt: skip
    clocks = known(desk)
    then = desk.get("/v1/objectives/more/judgement", **clocks)
    populate(desk.company, customers=3, rounds=2)
    desk.publish()
    late = sum(e.type == "OrderPlaced" for e in desk.company.logs["sales"])
    asked = {"as_of": AS_OF}
    assert desk.get("/v1/objectives/more/judgement", **asked)["as_set"]["value"] == str(late)
    assert desk.get("/v1/objectives/more/judgement", **clocks)["as_set"] == then["as_set"]
    assert then["as_set"]["judgement"] == "short"
    assert tell(desk, "objectives/more/evaluate", asked).status_code == 200
    assert desk.get("/v1/objectives")["items"][0]["judgement"] == "met"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"metric_id": "luck"}, "/metric_id"), ({"change_percent": None}, "/target"),
     ({"deadline": "soon"}, "/deadline"), ({"scope": "moon:full"}, "/scope"),
     ({"metric_id": "win_rate"}, "/metric_id")],
)  # fmt: skip
def test_an_objective_that_cannot_be_measured_names_the_field(
    desk: Desk, change: dict[str, Any], pointer: str
) -> None:
    """Every refusal is a 422; a metric that is not available then gives no baseline (A-7)."""
    body = {name: value for name, value in {**MORE, **change}.items() if value is not None}
    answer = tell(desk, "objectives/more/set", body)

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_every_day_of_an_objective_is_judged_once(desk: Desk) -> None:
    """The first step catches up with the days since it was set, the second one finds nothing."""
    populate(desk.company, customers=2, rounds=1)
    desk.publish()
    tell(desk, "objectives/more/set", MORE)
    judging = desk.app.goals.judging
    assert judging.step() == 0
    judging._clock = lambda: datetime.now(UTC) + timedelta(days=3)
    assert judging.step() == 3
    assert judging.step() == 0
    assert [e["type"].split(".")[2] for e in desk.get("/v1/objectives/more/events")["events"]] == [
        "ObjectiveSet", "ObjectiveEvaluated",
    ]  # fmt: skip


def test_an_initiative_is_compared_with_what_was_before(desk: Desk) -> None:
    """Steps with costs have a return; the evaluation says how it was measured and of how many."""
    populate(desk.company, customers=2, rounds=1)
    desk.publish()
    steps = [{"name": "call", "due_on": SOON}]
    start = {
        "name": "Call",
        "hypothesis": "Calls sell",
        "metric_id": "orders",
        "steps": steps,
        "owner": "eva",
    }
    lost = tell(desk, "initiatives/i1/start", {**start, "control_scope": "moon:new"})
    assert (lost.status_code, lost.json["errors"][0]["pointer"]) == (422, "/control_scope")
    assert tell(desk, "initiatives/i1/start", start).status_code == 200
    money = {"cost": {"amount": 9000, "currency": "GBP"}, "gain": {"amount": 13500, "currency": "GBP"}}
    assert (
        tell(
            desk, "initiatives/i1/complete-step", {"step": "call", "completed_on": SOON, **money}
        ).status_code
        == 200
    )
    assert tell(desk, "initiatives/i1/evaluate").status_code == 200
    (line,) = desk.get("/v1/initiatives")["items"]
    assert (line["steps"][0]["roi"], line["effect"]) == ("0.5000", "0")
    assert tell(desk, "initiatives/none/evaluate").status_code == 404


def test_acceptance_9_a_report_is_the_same_bytes_before_and_after_late_events(desk: Desk) -> None:
    """Same template, same clocks: same file; the rendering is recorded once with the hash of its content."""
    populate(desk.company, customers=3, rounds=2)
    desk.publish()
    save = {"title": "The month", "layout": LAYOUT, "queries": [QUERY]}
    assert tell(desk, "reports/month/save", save).status_code == 200
    clocks = known(desk)
    first = {f: desk.ask("/v1/reports/month/rendered", format=f, **clocks) for f in ("html", "pdf", "csv")}
    populate(desk.company, customers=3, rounds=2)
    desk.publish()
    for form, answer in first.items():
        again = desk.ask("/v1/reports/month/rendered", format=form, **clocks)
        assert (again.status_code, again.data) == (200, answer.data)
    noted = [e for e in desk.get("/v1/reports/month/events")["events"] if "ReportRendered" in e["type"]]
    assert {(e["data"]["format"], e["data"]["content_hash"]) for e in noted} == {
        (form, answer.headers["X-Content-SHA256"]) for form, answer in first.items()
    }
    assert len(noted) == 3


def test_every_shipped_question_is_answered(desk: Desk) -> None:
    """Row 49: each runs on sample data, and on none."""
    asked = [q["id"] for q in desk.get("/v1/questions")["items"]]
    nothing = [desk.get(f"/v1/reports/{name}/rendered") for name in asked]
    populate(desk.company, customers=3, rounds=2)
    desk.publish()

    assert {"who", "wants", "value_potential", "performance"} <= set(asked)
    assert all(page["parts"] for page in nothing)
    assert all(desk.get(f"/v1/reports/{name}/rendered")["parts"] for name in asked)
    assert desk.ask("/v1/reports/none/rendered").status_code == 404


def surveyed(desk: Desk, team: str, score: int) -> None:
    """Let a customer's ticket be looked after by a team, and the customer say how that was."""
    said = {"ticket_id": team, "survey_id": team}
    write = partial(desk.company.write, "support", at=datetime(2026, 3, 2, tzinfo=UTC))
    write("TicketOpened", f"ticket-{team}", f"c-{team}", origin="reactive", priority="high",
          ticket_no=team, subject="sealed:x:y", ticket_id=team)  # fmt: skip
    write("TicketAssigned", f"ticket-{team}", f"c-{team}", team=team, handler=f"{team}-ann", ticket_id=team)
    write("TicketResolved", f"ticket-{team}", f"c-{team}", cycle=1, resolution_code="done", ticket_id=team)
    write("SurveyRequested", f"survey-{team}", f"c-{team}", kind="csat", cycle=1, **said)
    write("SurveyResponded", f"survey-{team}", f"c-{team}", kind="csat", score=score, low=score <= 2,
          correction=False, themes=[f"{team}-theme"], **said)  # fmt: skip


def test_row_114_a_key_limited_to_a_team_sees_the_satisfaction_with_that_team_alone(desk: Desk) -> None:
    """Value, split, events and report; another team, other metrics and all other routes are denied."""
    populate(desk.company, customers=2, rounds=1)
    surveyed(desk, "parcels", 5)
    surveyed(desk, "returns", 1)
    desk.publish()
    report = {"title": "Mine", "layout": [{"kind": "value", "query": "q"}],
              "queries": [{"name": "q", "metric": "csat", "period": "year"}]}  # fmt: skip
    assert tell(desk, "reports/mine/save", report).status_code == 200
    made = tell(desk, "keys", {"name": "lead", "scopes": ["*"], "teams": ["parcels"]})
    ask = partial(desk.ask, headers={"Authorization": f"Bearer {made.json['key']}"})
    year = {"from": "2026-01-01", "to": "2027-01-01"}

    assert desk.get("/v1/metrics/csat", **year)["value"] == 0.5
    own = ask("/v1/metrics/csat", by="handler", **year).json
    assert (own["value"], own["limited_to"]) == (1, ["parcels"])
    assert [point["label"] for point in own["points"]] == ["parcels-ann"]
    events = ask("/v1/metrics/csat/events", **year).json
    assert [event["stream"] for event in events["items"]] == ["survey-parcels"]
    assert {"csat", "tickets"} <= {m["id"] for m in ask("/v1/metrics").json["items"]} <= {
        m["id"] for m in desk.get("/v1/metrics")["items"] if "team" in m["scopes"]
    }  # fmt: skip
    page = ask("/v1/reports/satisfaction/rendered", **known(desk))
    assert page.json["limited_to"] == ["parcels"]
    assert ("parcels-theme" in page.text, "returns" in page.text) == (True, False)
    assert "returns-ann" in desk.ask("/v1/reports/satisfaction/rendered", **known(desk)).text
    file = ask("/v1/reports/mine/rendered", format="csv", **known(desk))
    assert "mine, version 1, limited to parcels" in file.text
    assert [e["type"] for e in desk.get("/v1/reports/mine/events")["events"]] == [
        "rapport.analytics.ReportTemplateSaved.v1"
    ]
    for path, query in (
        ("/v1/metrics/csat", {"scope": "team:returns"}),
        ("/v1/metrics/orders", {}),
        ("/v1/metrics/orders/events", {}),
        ("/v1/reports/processes/rendered", {}),
        ("/v1/reports/mine/events", {}),
        ("/v1/reports", {}),
        ("/v1/log", {}),
    ):
        answer = ask(path, **query)
        assert (answer.status_code, "limited to teams (parcels)" in answer.text) == (403, True), path


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A mail server, its port and the file it writes."""
    port, file = free_port(), tmp_path / "inbox.txt"
    file.touch()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.mail_server", str(port), str(file)], cwd=ROOT
    ) as server:
        try:
            eventually(lambda: listening(port), 20)
            yield port, file
        finally:
            server.terminate()


def test_a_report_that_is_due_is_sent_once_to_each_recipient(desk: Desk, inbox: tuple[int, Path]) -> None:
    """One is refused; a second step, and a leader that begins anew, send nothing more."""
    port, file = inbox
    save = {"title": "The month", "layout": LAYOUT, "queries": [QUERY], "schedule": SCHEDULE}
    assert tell(desk, "reports/month/save", save).status_code == 200
    sending: Sending = desk.app.goals.sending
    sending._smtp = Smtp(f"smtp://127.0.0.1:{port}")
    while desk.app.timers.step():
        pass
    assert sending.step() == 1
    assert sending.step() == 0
    assert [line.split()[0] for line in file.read_text().splitlines()] == ["boss@example.com"]
    sent = [e["data"] for e in desk.get("/v1/reports/month/events")["events"] if "ReportSent" in e["type"]]
    assert [(s["sent_to"], s["refused"]) for s in sent] == [(["boss@example.com"], ["nobody@example.com"])]


def test_a_report_that_cannot_be_rendered_says_why_and_holds_up_no_other(
    desk: Desk, inbox: tuple[int, Path]
) -> None:
    """Its metric was there when it was saved; the report behind it goes out in the same step."""
    port, file = inbox
    save = {"title": "The month", "layout": LAYOUT, "queries": [QUERY], "schedule": SCHEDULE}
    for name in ("a-broken", "b-whole"):
        assert tell(desk, f"reports/{name}/save", save).status_code == 200
    sending: Sending = desk.app.goals.sending
    sending._smtp = Smtp(f"smtp://127.0.0.1:{port}")
    there = sending._rendering._ask
    lost = NotFound("orders has no version 9")

    def ask(query: Query, as_of: datetime, known_at: datetime, teams: tuple[str, ...] = ()) -> Answer:
        if not broken:
            return there(query, as_of, known_at, teams)
        broken.pop()
        raise lost

    broken = [True]
    sending._rendering._ask = ask
    while desk.app.timers.step():
        pass
    assert sending.step() == 2
    assert sending.step() == 0
    assert [line.split()[0] for line in file.read_text().splitlines()] == ["boss@example.com"]
    lines = {line["id"]: line["failure"] for line in desk.get("/v1/reports")["items"]}
    assert lines == {"a-broken": str(lost), "b-whole": None}
    failed = [e for e in desk.get("/v1/reports/a-broken/events")["events"] if "ReportFailed" in e["type"]]
    assert [e["data"]["reason"] for e in failed] == [str(lost)]
