"""Surveys reach customers: by mail, with a link that takes the answer."""

import subprocess
import sys

import pytest
import requests

from deploy.local.place import ROOT
from deploy.local.processes import free_port, listening
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture
def inbox(tmp_path):
    """Return the port of a mail server, and the file of what it took."""
    port, path = free_port(), tmp_path / "inbox.txt"
    path.touch()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.mail_server", str(port), str(path)], cwd=ROOT
    ) as server:
        try:
            eventually(lambda: listening(port), 20)
            yield port, path
        finally:
            server.terminate()


@pytest.fixture
def running_stack(tmp_path, inbox, amqp_url, mongodb_url, database_prefix):
    """The front office and support as processes, with a mail server."""
    settings = {"RAPPORT_SMTP_URL": f"smtp://127.0.0.1:{inbox[0]}"}
    names = ("contacts", "support")
    folder = tmp_path / "services"
    stack = RunningStack(folder, amqp_url, mongodb_url, database_prefix, names=names, settings=settings)
    try:
        yield stack.start()
    finally:
        stack.stop()


def test_row_92_and_93_a_customer_gets_the_survey_once_and_answers_by_its_link(running_stack, inbox):
    """Once per trigger and cycle; who has no address is listed with the reason."""
    person = {"identifiers": {"email": "ada@example.com"}}
    ada = running_stack.post("contacts", "/v1/contacts", json=person).json()["contact_id"]

    def solve(ticket, **about):
        for step, body in (("open", {"subject": "Late", **about}), ("resolve", {"resolution_code": "ok"})):
            running_stack.post("support", f"/v1/tickets/{ticket}/{step}", json=body).raise_for_status()
        running_stack.post("support", f"/v1/tickets/{ticket}/ask-survey", json={"kind": "nps"})

    def fares(key):
        lines = running_stack.get("support", "/v1/surveys").json()["items"]
        return next(((line["delivery"], line["reason"]) for line in lines if line["id"] == key), None)

    def sent(key):
        if fares(key) == ("undelivered", "no_address"):  # contacts' news may come after the ticket
            running_stack.post("support", f"/v1/surveys/{key}/requeue")
        return fares(key) == ("sent", None)

    solve("A1", customer=ada)
    solve("B1")
    eventually(lambda: fares("B1.1") == ("undelivered", "no_customer"), timeout=20)
    eventually(lambda: sent("A1.1"), timeout=20)

    [line] = inbox[1].read_text(encoding="utf-8").splitlines()
    to, _, _, link = line.split()
    assert to == "ada@example.com"
    assert requests.get(link, timeout=10).text.count('type="radio"') == 11
    assert requests.post(link, data={"score": "3"}, timeout=10).status_code == 200
    [answered] = running_stack.get("support", "/v1/surveys", params={"status": "responded"}).json()["items"]
    assert (answered["id"], answered["score"], answered["low"]) == ("A1.1", 3, True)
