"""The command `rapport`."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from shared.cli import COMMANDS, export, main, report

ROWS = "no,at,store\n1,2026-07-01 10:00,L\n2,2026-07-01 10:00,\n3,2026-07-01 10:00,Y\n"
MAP = """
source: tills
file: {format: csv}
events:
  - type: store.visit_recorded
    id: "{no}"
    time: {column: at, convert: [{datetime: "%Y-%m-%d %H:%M"}]}
    data: {store: {column: store}}
"""


class Door(BaseHTTPRequestHandler):
    """A service that accepts everything once, lists one customer, and refuses other keys."""

    seen: set = set()  # noqa: RUF012 - shared by all requests on purpose

    def do_GET(self):
        """Answer lists and readiness."""
        if self.headers["Authorization"] != "Bearer right" and self.path != "/readyz":
            self.answer(403, {"title": "Forbidden", "detail": "the key lacks the scope customers:read"})
        else:
            self.answer(200, {"items": [{"id": "c-1", "name": "Ada", "path": self.path}]})

    def do_POST(self):
        """Take events; say what was asked of a key."""
        events = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/keys":
            self.answer(201, {"asked": events})
            return
        found = [{"status": "duplicate" if e["id"] in self.seen else "accepted"} for e in events]
        self.seen.update(e["id"] for e in events)
        self.answer(202, {"results": found})

    def answer(self, status, body):
        """Send JSON."""
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def door(monkeypatch, tmp_path):
    """A service on a free port, and an environment without a local installation."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("RAPPORT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RAPPORT_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    Door.seen = set()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def rapport(*arguments):
    """Run the command."""
    return CliRunner().invoke(main, [str(each) for each in arguments], prog_name="rapport")


def test_help_is_quick():
    """The help imports no command, nor what only commands need."""
    asked = (
        "import sys; from shared.cli import main; main(['--help'], None, None, False); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert "Import a file of events" in done.stdout
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded.isdisjoint({where for where, _ in COMMANDS.values()} | {"requests", "pymongo", "duckdb"})


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name):
    """Every command can be imported and explains itself."""
    done = rapport(name, "--help")
    assert (done.exit_code, "Usage: rapport" in done.output) == (0, True)


def test_a_mistyped_command_is_guessed():
    """The nearest command is named."""
    assert "did you mean ledger?" in rapport("leger").output


def test_a_listing_is_a_table_or_json(door):
    """--json prints the service's answer; otherwise a table."""
    shown = rapport("customer", "search", "ada", "--url", door, "--key", "right")
    told = rapport("customer", "search", "ada", "--url", door, "--key", "right", "--json")
    assert "c-1" in shown.output
    assert json.loads(told.output)["items"][0]["path"] == "/v1/customers?q=ada&limit=20"


def test_an_identifier_is_part_of_the_path(door):
    """KIND:VALUE becomes one escaped part of the path."""
    done = rapport("customer", "show", "email:a/b@c.d", "--url", door, "--key", "right", "--json")
    assert json.loads(done.output)["items"][0]["path"] == "/v1/customers/email%3Aa%2Fb%40c.d"


def test_a_metric_is_asked_with_its_own_parameters(door):
    """Options and NAME=VALUE become the query; what is not NAME=VALUE is refused."""
    asked = (
        "metric",
        "churn",
        "--from",
        "2026-01-01",
        "--set",
        "lapse_days=30",
        "--url",
        door,
        "--key",
        "right",
    )
    done = rapport(*asked, "--format", "json")
    assert json.loads(done.output)["items"][0]["path"] == "/v1/metrics/churn?from=2026-01-01&lapse_days=30"
    assert "format=csv" in rapport(*asked, "--format", "csv").output
    assert "a picture needs --output" in rapport(*asked, "--format", "png").output
    assert "is not NAME=VALUE" in rapport("metric", "churn", "--set", "thirty", "--url", door).output


@pytest.mark.parametrize("teams", [(), ("parcels", "returns")])
def test_a_key_is_asked_for_with_its_teams(door, teams):
    """Of none nothing is said: an empty list would be refused."""
    named = [word for team in teams for word in ("--team", team)]
    done = rapport("keys", "create", "analytics", "lead", *named, "--url", door, "--key", "right", "--json")
    assert tuple(json.loads(done.output)["asked"].get("teams", ())) == teams
    assert ("teams" in done.output) == bool(teams)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(123456, "GBP", "1,234.56 GBP"), (1234, "JPY", "1,234 JPY"), (0.125, "share", "12.5 %"),
     (2.345, "days", "2.35 days"), (7, "count", "7"), (None, "GBP", "-")],
)  # fmt: skip
def test_a_report_is_read_in_its_units(capsys, value, unit, shown):
    """On the screen as on paper: no minor units, no bare shares."""
    part = {"name": "It", "note": "so", "columns": [{"name": "it", "unit": unit}], "rows": [{"it": value}]}
    report._page({"title": "A page", "parts": [part]})
    assert capsys.readouterr().out.split("─")[-1].strip() == shown


@pytest.mark.parametrize(("bound", "names"), [(False, ["orders", "customers"]), (True, ["orders"])])
def test_all_tables_of_the_past_are_those_that_have_one(bound, names):
    """Customers are kept as they are now: asked for by name they are refused, as one of all left out."""

    class Tables:
        def get(self, _):
            return {"items": [{"table": "orders", "past": True}, {"table": "customers", "past": False}]}

    assert list(export._named(Tables(), ("all",), bound=bound)) == names


def test_a_disk_that_takes_nothing_is_told_of(door, tmp_path):
    """What the system has against a file is one line that names it, exit code 1."""
    (tmp_path / "taken").touch()
    out = tmp_path / "taken" / "export"
    done = rapport("export", "orders", "--out", out, "--url", door, "--key", "right")
    assert (done.exit_code, done.output) == (1, f"Error: {out}: Not a directory\n")


def test_errors_are_one_sentence(door):
    """A refusal, a missing service: one line, exit code 1."""
    refused = rapport("customer", "search", "--url", door, "--key", "wrong")
    gone = rapport("customer", "search", "--url", "http://127.0.0.1:1")
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: analytics: the key lacks the scope customers:read\n",
    )
    assert (gone.exit_code, gone.output.count("\n")) == (1, 1)


def test_an_import_tells_its_counts(door, tmp_path):
    """Accepted at first, duplicate again; the refused row is in the rejects file; --strict fails."""
    (tmp_path / "file.csv").write_text(ROWS)
    (tmp_path / "map.yaml").write_text(MAP)
    command = ("import", "file.csv", "--map", "map.yaml", "--url", door, "--json")
    first, second, strict = rapport(*command), rapport(*command), rapport(*command, "--strict")
    counts = [json.loads(done.output.splitlines() and done.stdout) for done in (first, second)]
    assert [(c["read"], c["accepted"], c["duplicate"], c["rejected"]) for c in counts] == [
        (3, 2, 0, 1),
        (3, 0, 2, 1),
    ]
    assert (tmp_path / "file.csv.rejects.csv").read_text().splitlines()[1] == "2,/data/store,is missing"
    assert (first.exit_code, strict.exit_code) == (0, 2)


def test_a_wrong_mapping_is_one_sentence(tmp_path):
    """The file, the place and the reason."""
    (tmp_path / "file.csv").write_text(ROWS)
    (tmp_path / "map.yaml").write_text(MAP.replace("format: csv", "format: xml"))
    done = rapport("import", tmp_path / "file.csv", "--map", tmp_path / "map.yaml", "--dry-run")
    assert (done.exit_code, "/file/format is not one of csv" in done.output) == (1, True)


def test_a_wrong_event_is_told_before_it_is_sent(tmp_path, monkeypatch):
    """`events emit` checks the contract."""
    monkeypatch.setenv("RAPPORT_SPOOL", str(tmp_path))
    done = rapport("events", "emit", "web.page_viewed", "-d", "pages=/", "--broker", "amqp://127.0.0.1:1/")
    assert (done.exit_code, "/data/page: is missing" in done.output) == (1, True)
