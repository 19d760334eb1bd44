"""Imports, the sample company and the command line tool against the running services."""

import json

import pytest
from click.testing import CliRunner

from shared.cli import main
from tests.waiting import eventually

pytestmark = pytest.mark.integration
VISITS = "no,at,store,card\n" + "".join(
    f"{n},2026-07-01 10:{n:02d},{'Leeds' if n != 7 else ''},L-{n % 5}\n" for n in range(30)
)
MAP = """
source: tills
file: {format: csv}
events:
  - type: store.visit_recorded
    id: "{no}"
    time: {column: at, convert: [{datetime: "%Y-%m-%d %H:%M"}]}
    data: {store: {column: store}, customer: {loyalty_id: {column: card}}}
"""


@pytest.fixture
def rapport(running_stack, tmp_path, monkeypatch):
    """The command, pointed at the running services; returns what it printed as JSON."""
    for name in running_stack.names:
        monkeypatch.setenv(f"RAPPORT_{name.upper()}_URL", running_stack.url(name))
    for name, value in {
        "RAPPORT_KEY": running_stack.admin_key,
        "RAPPORT_AMQP_URL": running_stack.amqp_url,
        "RAPPORT_HOME": str(tmp_path),
        "RAPPORT_STATE": str(tmp_path),
        "RAPPORT_SPOOL": str(tmp_path / "spool"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0):
        done = CliRunner().invoke(main, [str(each) for each in (*arguments, "--json")], prog_name="rapport")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    return run


def test_an_imported_file_reaches_the_customer_view(rapport, tmp_path):
    """Every row has one fate; a second import finds duplicates; each card is a customer with six visits."""
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "map.yaml").write_text(MAP)
    first = rapport("import", "visits.csv", "--map", "map.yaml")
    second = rapport("import", "visits.csv", "--map", "map.yaml")
    assert (first["read"], first["accepted"], first["rejected"]) == (30, 29, 1)
    assert (second["duplicate"], second["rejected"]) == (29, 1)
    customer = eventually(lambda: rapport("customer", "show", "loyalty_id:L-1")["customer"], 20)
    assert customer["id"].startswith("c-")


def test_an_emitted_event_is_on_the_timeline(rapport):
    """From the command to the customer's timeline through the broker."""
    rapport("events", "emit", "web.page_viewed", "-c", "email=ada@example.com", "-d", "page=/sale")
    found = eventually(
        lambda: rapport("customer", "show", "email:ada@example.com", "--timeline")["items"], 20
    )
    assert any("web" in item["channel"] for item in found)


def test_the_sample_company_adds_up(rapport):
    """A small company is taken: broken events are rejected, repeats are duplicates, the ledger agrees."""
    counts = rapport("demo", "--customers", "30", "--months", "2")
    assert counts["accepted"] > 200
    ledger = eventually(lambda: _settled(rapport("ledger")), 40)
    assert {row["source"] for row in ledger["sources"]["contacts"]} >= {"web-shop", "stores"}


def _settled(ledger):
    rows = [row for rows in ledger["sources"].values() for row in rows]
    assert all(row["difference"] == 0 for row in rows)
    assert all(row["difference"] == 0 for row in ledger["journal"])
    return rows and ledger


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("projections", "list"),
        ("customer", "search"),
        ("keys", "list", "contacts"),
        ("quarantine", "list", "sales"),
        ("log", "read", "contacts"),
    ],
)
def test_every_listing_answers(rapport, command):
    """What operators look at first works against real services."""
    assert rapport(*command) is not None


def test_a_key_lives_and_dies(rapport):
    """Made, listed, revoked."""
    made = rapport("keys", "create", "contacts", "till-9", "--source", "till-9", "--type", "channel.store.*")
    assert made["key"]
    assert rapport("keys", "revoke", "contacts", made["id"])["revoked_at"]
