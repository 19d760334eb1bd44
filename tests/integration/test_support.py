"""Support through its public doors: clocks, conflicts, merges, messages after the end."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from deploy.local.place import ROOT
from shared.cli import main
from shared.errors import Unavailable
from shared.service.rpc_client import asking
from shared.service.rpc_problem import RemoteProblem
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = [{"day": day, "opens": "00:00", "closes": "24:00"} for day in DAYS]
TARGETS = [
    {"priority": "normal", "kind": "first_response", "seconds": 1},
    {"priority": "normal", "kind": "resolution", "seconds": 3600},
]


@pytest.fixture(scope="module")
def running_stack(tmp_path_factory, amqp_url, mongodb_url, database_prefix):
    """Support as a process, alone with broker and database."""
    folder = tmp_path_factory.mktemp("services")
    stack = RunningStack(folder, amqp_url, mongodb_url, database_prefix, names=("support",))
    try:
        yield stack.start()
    finally:
        stack.stop()


def do(stack, path, status=200, headers=None, **body):
    """Give a command to support; return its answer."""
    answer = stack.post("support", f"/v1/{path}", json=body, headers=headers or {})
    assert answer.status_code == status, answer.text
    return answer.json()


def types(stack, ticket):
    """Return the types of a ticket's events."""
    found = stack.get("support", f"/v1/tickets/{ticket}/events").json().get("events", [])
    return [event["type"].split(".")[2] for event in found]


def listed(stack, plural, **wanted):
    """Return the ids in a list."""
    items = stack.get("support", f"/v1/{plural}", params=wanted).json()["items"]
    return [item["id"] for item in items]


def test_a_rule_is_tried_on_what_happened(running_stack):
    """It says which case it would raise; there is none of it. The number of the ticket has slashes."""
    do(running_stack, "tickets/RE%2F2026%2F7/open", subject="Where is it?")
    assert running_stack.get("support", "/v1/tickets/RE%2F2026%2F7").json()["id"] == "RE/2026/7"
    mine = {"field": "ticket_id", "op": "is", "values": ["RE/2026/7"]}
    opened = {"event": "rapport.support.TicketOpened.v1", "where": [mine]}
    told = do(running_stack, "what-if/rule", trigger={"when": opened, "per": "ticket_id"})
    assert (told["events"], told["cases"]["count"], told["since"]) == (1, 1, None)
    assert listed(running_stack, "cases", rule_id="tried") == []


def test_two_agents_claim_one_ticket(running_stack):
    """Both saw version 1: one has the ticket, the other is told that it changed."""
    do(running_stack, "tickets/C1/open", subject="Where is it?")

    def claim(agent):
        answer = running_stack.post(
            "support", "/v1/tickets/C1/assign", json={"handler": agent}, headers={"If-Match": '"1"'}
        )
        return answer.status_code

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(claim, ("agent-1", "agent-2")))
    assert told == [200, 412]
    assert types(running_stack, "C1") == ["TicketOpened", "TicketAssigned"]


def test_t4_a_breach_is_stamped_by_the_timer(running_stack):
    """A promise of one second: the breach bears its due time and escalates; the account explains it."""
    do(running_stack, "calendars/always/publish", zone="Europe/London", blocks=ALWAYS)
    terms = {"targets": TARGETS, "escalate_on_breach": [{"kind": "first_response", "level": 3}]}
    do(running_stack, "policies/standard/publish", calendar_id="always", terms=terms)

    def breached():
        key = f"B{len(listed(running_stack, 'tickets'))}"
        do(running_stack, f"tickets/{key}/open", subject="Where is it?", category="delivery")
        assert "SlaPolicyApplied" in types(running_stack, key)
        return key

    key = eventually(breached)
    eventually(lambda: "SlaTargetBreached" in types(running_stack, key))
    assert running_stack.get("support", f"/v1/tickets/{key}").json()["state"]["level"] == 3
    account = running_stack.get("support", f"/v1/tickets/{key}/sla").json()
    clocks = {clock["kind"]: clock for clock in account["clocks"]}
    assert clocks["first_response"]["breached"]
    assert clocks["resolution"]["status"] == "running"
    assert {line["calendar_version"] for line in account["lines"]} == {1}


def test_tickets_are_replayed_against_other_terms(running_stack):
    """Nobody answers a ticket: a promise of a day would still run; an unknown calendar is named."""
    do(running_stack, "calendars/round/publish", zone="Europe/London", blocks=ALWAYS)
    do(running_stack, "tickets/W1/open", subject="Where is it?")
    patient = {"targets": [{"priority": "normal", "kind": "first_response", "seconds": 86_400}]}
    window = {"opened_from": "2020-01-01T00:00:00Z", "opened_to": "2100-01-01T00:00:00Z", "terms": patient}
    told = do(running_stack, "what-if/sla", calendar_id="round", **window)
    assert told["tickets"] >= 1
    assert told["clocks"]["first_response"]["proposed"]["breached"] == 0
    refused = do(running_stack, "what-if/sla", status=422, calendar_id="nowhere", **window)
    assert refused["errors"][0]["pointer"] == "/calendar_id"


def test_t7_a_merged_ticket_passes_its_messages_on(running_stack):
    """T-7: both tickets say so, and what is written to the absorbed one reaches the other."""
    for key in ("M1", "M2"):
        do(running_stack, f"tickets/{key}/open", subject="Where is it?")
    do(running_stack, "tickets/M1/merge", status=404, survivor_id="M9")
    do(running_stack, "tickets/M1/merge", survivor_id="M2")
    do(running_stack, "tickets/M1/receive", message="Still nothing")

    eventually(lambda: "CustomerMessageReceived" in types(running_stack, "M2"))
    assert "TicketAbsorbed" in types(running_stack, "M2")
    assert "M1" in listed(running_stack, "tickets", status="merged")


def test_t8_a_message_after_the_close_opens_a_linked_ticket(running_stack):
    """T-8: the closed ticket stays closed; the new one bears the message and the same correlation id."""
    do(running_stack, "tickets/N1/open", subject="Where is it?")
    do(running_stack, "tickets/N1/resolve", resolution_code="redelivered")
    do(running_stack, "tickets/N1/close")
    do(running_stack, "tickets/N1/receive", headers={"X-Correlation-ID": "chain-8"}, message="Again!")

    eventually(lambda: types(running_stack, "N1.next")[0] == "TicketOpened")
    [opened, *_] = running_stack.get("support", "/v1/tickets/N1.next/events").json()["events"]
    assert opened["data"]["linked_to"] == "N1"
    assert opened["data"]["message"] == "Again!"
    assert opened["correlationid"] == "chain-8"


def test_t9_a_solved_ticket_is_asked_about_once(running_stack):
    """T-9: by reaction; the answer corrects, and the list knows it."""
    do(running_stack, "tickets/Q1/open", subject="Where is it?")
    do(running_stack, "tickets/Q1/resolve", resolution_code="redelivered")
    do(running_stack, "tickets/Q1/ask-survey", kind="nps")
    do(running_stack, "tickets/Q1/ask-survey", kind="csat")

    eventually(lambda: listed(running_stack, "surveys", status="requested") == ["Q1.1"])
    do(running_stack, "surveys/Q1.1/respond", score=3, comment="Too late")
    do(running_stack, "surveys/Q1.1/respond", score=9)
    [line] = running_stack.get("support", "/v1/surveys", params={"status": "responded"}).json()["items"]
    assert (line["kind"], line["score"], line["low"]) == ("nps", 9, False)


def test_t10_a_case_is_raised_once(running_stack):
    """T-10: the same rule and evidence have the same id, in whatever order."""
    raised = {"rule_id": "late", "rule_version": 1}
    first = do(running_stack, "cases", status=201, **raised, evidence_event_ids=["e1", "e2"])
    again = do(running_stack, "cases", status=201, **raised, evidence_event_ids=["e2", "e1"])

    assert again == {"id": first["id"], "version": 1, "events": []}
    assert listed(running_stack, "cases", status="raised") == [first["id"]]


def test_a_guide_and_an_article_spare_a_ticket(running_stack):
    """What a customer begins is the version published now."""
    choices = [{"answer": "no", "outcome": "Plug it in"}]
    tree = [{"question": "lamp", "text": "Is the lamp on?", "choices": choices}]
    do(running_stack, "guides/kettle/publish", title="Kettle", tree=tree)
    do(running_stack, "guidances/w1/start", status=404, guide_id="toaster")
    do(running_stack, "guidances/w1/start", guide_id="kettle")
    told = do(running_stack, "guidances/w1/answer", question="lamp", answer="no")
    assert told["events"][-1] == "rapport.support.GuideConcluded.v1"

    do(running_stack, "articles/descale/publish", title="Descaling", body="Use vinegar.")
    do(running_stack, "readings/r1/view", article_id="descale")
    do(running_stack, "readings/r1/rate", helpful=True)
    assert do(running_stack, "readings/r1/deflect")["events"] == ["rapport.support.TicketDeflected.v1"]


def test_row_85_what_a_guide_asked_is_kept_on_the_ticket(running_stack):
    """The category gives the guide and its first question; the answer is in the ticket's state."""
    tree = [{"question": "plug", "text": "Is it in?", "choices": [{"answer": "no", "outcome": "Plug it in"}]}]
    do(running_stack, "guides/fridge/publish", title="Fridge", category="fridges", tree=tree)
    do(running_stack, "tickets/G1/open", subject="Too warm")
    guides = running_stack.get("support", "/v1/guides", params={"category": "fridges"}).json()["items"]
    assert [(guide["id"], guide["asks"]) for guide in guides] == [("fridge", "Is it in?")]
    do(running_stack, "guidances/w2/start", status=404, guide_id="fridge", ticket_id="G9")
    do(running_stack, "guidances/w2/start", guide_id="fridge", ticket_id="G1")
    do(running_stack, "guidances/w2/answer", question="plug", answer="no")

    def answers():
        state = running_stack.get("support", "/v1/tickets/G1").json()["state"]
        return [(a["question"], a["answer"], a["outcome"]) for a in state["answers"]]

    assert eventually(answers) == [("plug", "no", "Plug it in")]


def test_row_81_a_solved_problem_is_told_to_its_tickets_once(running_stack):
    """One linked before the end and one after it hear of it, each once."""
    for key in ("R1", "R2"):
        do(running_stack, f"tickets/{key}/open", subject="The lid broke")
    do(running_stack, "problems/lids/open", title="Lids break")
    do(running_stack, "tickets/R1/link-problem", problem_id="lids")
    eventually(lambda: running_stack.get("support", "/v1/problems/lids").json()["state"]["tickets"] == ["R1"])
    do(running_stack, "problems/lids/resolve", resolution="New lids are on their way")
    do(running_stack, "problems/lids/resolve", resolution="New lids are on their way")
    do(running_stack, "tickets/R2/link-problem", problem_id="lids")

    for key in ("R1", "R2"):
        eventually(lambda key=key: "InternalNoteAdded" in types(running_stack, key))
        assert types(running_stack, key).count("InternalNoteAdded") == 1
    assert listed(running_stack, "tickets", problem_id="lids") == ["R1", "R2"]


def test_a_retired_code_is_refused_with_the_field(running_stack):
    """The answer names the field and what may be said instead."""
    do(running_stack, "vocabularies/root-causes/define", label="Root causes")
    for code in ("carrier", "weather"):
        do(running_stack, "vocabularies/root-causes/add-term", code=code, label=code.title())
    do(running_stack, "vocabularies/root-causes/retire-term", code="weather")
    do(running_stack, "tickets/V1/open", subject="Where is it?")
    resolved = {"resolution_code": "redelivered"}

    told = do(running_stack, "tickets/V1/resolve", status=422, **resolved, root_cause="weather")
    assert told["errors"] == [{"pointer": "/root_cause", "detail": "is none of carrier"}]
    do(running_stack, "tickets/V1/resolve", **resolved, root_cause="carrier")


def test_tickets_are_listed_by_whose_they_are_and_who_works_on_them(running_stack):
    """By customer, handler, team, priority and status, also together."""
    do(running_stack, "tickets/L1/open", subject="One", customer="c-ada", priority="high")
    do(running_stack, "tickets/L2/open", subject="Two", customer="c-ada")
    do(running_stack, "tickets/L2/assign", handler="agent-9", team="parcels")

    assert listed(running_stack, "tickets", customer="c-ada") == ["L1", "L2"]
    assert listed(running_stack, "tickets", customer="c-ada", priority="high") == ["L1"]
    assert listed(running_stack, "tickets", handler="agent-9", status="open") == ["L2"]
    assert listed(running_stack, "tickets", team="parcels") == ["L2"]


def test_t10_a_published_rule_raises_a_case(running_stack):
    """T-10: two low answers of a customer, whatever the ticket; a wrong rule is refused by field."""
    low = {
        "event": "rapport.support.SurveyResponded.v1",
        "where": [{"field": "low", "op": "is", "values": ["true"]}],
    }
    rule = {"title": "Two low answers", "trigger": {"when": low, "times": 2}}
    wrong = {**rule, "trigger": {"when": {"event": "rapport.payroll.Paid.v1"}}}
    told = do(running_stack, "rules/unhappy/publish", status=422, **wrong)
    assert told["errors"][0]["pointer"] == "/trigger/when/event"
    do(running_stack, "rules/unhappy/publish", **rule)
    assert {"promise_missed", "churn_risk", "unhappy"} <= set(
        listed(running_stack, "rules", status="published")
    )

    def answered(ticket):
        do(running_stack, f"tickets/{ticket}/open", subject="Late", customer="c-low")
        do(running_stack, f"tickets/{ticket}/resolve", resolution_code="ok")
        do(running_stack, f"tickets/{ticket}/ask-survey")
        eventually(lambda: f"{ticket}.1" in listed(running_stack, "surveys"))
        do(running_stack, f"surveys/{ticket}.1/respond", score=1)

    def raised():
        if len(listed(running_stack, "surveys", customer="c-low")) < 20:  # a rule is in force within a second
            answered(f"P{len(listed(running_stack, 'tickets'))}")
        return listed(running_stack, "cases", rule_id="unhappy")

    case, *_ = eventually(raised, 40, pause=0.2)
    state = running_stack.get("support", f"/v1/cases/{case}").json()
    assert (state["customer"], len(state["state"]["raised"]["evidence_event_ids"])) == ("c-low", 2)


def test_people_of_another_service_ask_by_rpc(running_stack, monkeypatch):
    """With a key and a time: a status, a page, the log, refusals as problems; also on the command line."""
    do(running_stack, "tickets/A7/open", subject="Late", priority="high", customer="c-kim")
    with asking(running_stack.amqp_url, running_stack.admin_key, timeout=10) as ask:
        told = ask.support.ticket_status("A7")
        assert (told["status"], told["priority"], told["customer"]) == ("new", "high", "c-kim")
        assert [t["id"] for t in ask.support.list("tickets", filters={"customer": "c-kim"})["items"]] == [
            "A7"
        ]
        assert ask.support.get("tickets", "A7")["version"] == told["version"]
        partition = ask.support.read_log(limit=1)["events"][0]["partition"]
        assert ask.support.read_log(after=0, limit=2, partition=partition)["head"] > 0
        with pytest.raises(RemoteProblem) as missing:
            ask.support.ticket_status("A8")
        assert (missing.value.status, missing.value.document["type"]) == (
            404,
            "urn:rapport:problem:not-found",
        )
    with pytest.raises(RemoteProblem, match="bearer"), asking(running_stack.amqp_url, "") as ask:
        ask.support.ticket_status("A7")
    with pytest.raises(Unavailable), asking(running_stack.amqp_url, running_stack.admin_key) as ask:
        ask.nobody.ticket_status("A7")

    monkeypatch.setenv("RAPPORT_AMQP_URL", running_stack.amqp_url)
    monkeypatch.setenv("RAPPORT_KEY", running_stack.admin_key)
    done = CliRunner().invoke(main, ["rpc", "support", "ticket_status", "A7"])
    assert json.loads(done.stdout) == told
    assert CliRunner().invoke(main, ["rpc", "support", "ticket_status", "A8"]).exit_code == 1


COMMAND = re.compile(r"^support (\S+)(?: '(.*?)')?$", re.MULTILINE | re.DOTALL)


def test_every_command_of_the_page_is_understood(running_stack):
    """Path and body of each are those of the service, whatever it answers in the state it is in."""
    page = (ROOT / "docs/services/support.md").read_text(encoding="utf-8")
    told = {}
    for path, body in COMMAND.findall(page):
        answer = running_stack.post("support", f"/v1/{path}", json=json.loads(body or "{}"))
        if answer.status_code not in (200, 201, 404, 409) or "served at" in answer.text:
            told[path] = answer.text

    assert len(COMMAND.findall(page)) > 30
    assert told == {}
