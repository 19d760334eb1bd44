"""The reference pages that follow from the code: `python -m services.reference write|check`."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from services.analytics.exports.tables import tables
from services.analytics.metrics import METRICS
from services.analytics.metrics.metric import Metric
from services.contracts import contracts
from shared.config import PORTS, Settings
from shared.contracts.contract import Contract
from shared.privacy import MemoryKeyStore, Vault
from shared.segments.declared import DECLARED

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
SECRETS = {"IDENTITY_KEY": "00" * 32, "MASTER_KEY": "00" * 32}
REQUIRED = {"AMQP_URL": "amqp://broker", "MONGODB_URL": "mongodb://database", **SECRETS}
MEANING = {
    "SERVICE": "which service this process is; the image and `python -m shared.service NAME` set it",
    "AMQP_URL": "RabbitMQ: `amqp://` or `amqps://`",
    "MONGODB_URL": "a MongoDB replica set: `mongodb://` or `mongodb+srv://`",
    "IDENTITY_KEY": "64 hexadecimal digits; makes customer refs; the same for all services, for ever",
    "MASTER_KEY": "64 hexadecimal digits; wraps the keys of persons; the same for all services, for ever",
    "DATABASE_PREFIX": "databases are named `<prefix>_<service>`, that of persons' keys `<prefix>_keys`",
    "PARTITIONS": "partitions of every log, 1 to 256; fixed once a log has been made",
    "HTTP_HOST": "address the HTTP door listens on",
    "HTTP_PORT": "its port: " + ", ".join(f"{name} {port}" for name, port in PORTS.items()),
    "ADMIN_KEY_SHA256": "SHA-256 of the administrator's key in hexadecimal; empty: there is none",
    "SERVICE_KEY": "key the services show each other (scope `log:read`), 32 characters or more",
    "SMTP_URL": "mail is sent through this server: `smtp://user:password@host:587` (STARTTLS when "
    "offered) or `smtps://`; empty: nothing is sent",
    "MAIL_SENDER": "whom surveys and other letters without a template come from",
    "PUBLIC_URL": "where customers reach the links in letters: `/m/` leads to campaigns, `/s/` to support; "
    "as peers reach each when empty",
    "WEBHOOKS_PRIVATE": "`true` lets webhooks post to private addresses, this machine's included",
    "LOG_LEVEL": "`debug`, `info`, `warning` or `error`",
    **{f"{name.upper()}_URL": f"where {name} answers" for name in PORTS},
}


def settings_page() -> str:
    """Return the table of all settings, in the order of the class."""
    shown = Settings.read({f"RAPPORT_{name}": value for name, value in REQUIRED.items()}).masked()
    names = sorted((variable.removeprefix("RAPPORT_") for variable in shown), key=[*MEANING].index)
    rows = (f"| `RAPPORT_{name}` | {_default(name, shown)} | {MEANING[name]} |" for name in names)
    return _page("Settings", SETTINGS_INTRO, "| Variable | Default | Meaning |", rows)


def _default(name: str, shown: Mapping[str, Any]) -> str:
    if name in REQUIRED:
        return "required"
    if name == "HTTP_PORT":
        return "by service"
    value = shown[f"RAPPORT_{name}"]
    return f"`{value}`" if value != "" else ""


def events_page() -> str:
    """Return every event type with its fields."""
    known = sorted(contracts(), key=lambda c: (not c.type.startswith("channel."), c.owner, c.type))
    rows = (f"| `{c.type}` | {c.owner} | {_said(c)} | {_fields(c)} |" for c in known)
    return _page("Event types", EVENTS_INTRO, "| Type | Owner | What happened | Fields |", rows)


def _said(contract: Contract) -> str:
    return str(contract.json_schema["description"]).split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _fields(contract: Contract) -> str:
    schema = contract.json_schema
    required = schema.get("required", [])
    marks = {name: "\\*" if name in contract.personal else "" for name in schema["properties"]}
    return ", ".join(f"{name}{mark}{'' if name in required else '?'}" for name, mark in marks.items())


def facts_page() -> str:
    """Return every fact that rules of segments may name."""
    rows = (
        f"| `{known.path}` | {known.kind} | {known.unit} | {'yes' if known.windowed else ''} | {known.says} |"
        for known in DECLARED
    )
    header = "| Fact | Kind | Unit | `within_days` | Meaning |"
    return _page("Facts of segments", FACTS_INTRO, header, rows)


def metrics_page() -> str:
    """Return the catalogue of metrics, in all their versions."""
    known = sorted(METRICS, key=lambda m: (m.group, m.id, m.version))
    rows = map(_metric, known)
    return _page(
        "Metrics", METRICS_INTRO, "| Metric | Formula | Unit | Scopes | Parameters | Owner | Made of |", rows
    )


def _metric(metric: Metric) -> str:
    own = ", ".join(f"`{name}` {default}" for name, default in metric.parameters.items())
    made = ", ".join(metric.inputs)
    scopes = ", ".join(metric.scopes[1:])
    name = f"`{metric.id}` v{metric.version}<br>{metric.title}<br>*{metric.group}, {metric.perspective}*"
    return f"| {name} | {metric.formula} | {metric.unit} | {scopes} | {own} | {metric.owner} | {made} |"


def dictionary_page() -> str:
    """Return every table of the export with its columns."""
    marks = {True: "\\*", False: ""}
    parts = [f"# Data dictionary\n\n{DICTIONARY_INTRO}\n"]
    for table in tables(Vault(MemoryKeyStore())).values():
        day = f", partitioned by the day of `{table.day}`" if table.day else ""
        key = ", ".join(f"`{name}`" for name in table.key)
        parts.append(f"## {table.name}\n\n{table.says} Version {table.version}; key {key}{day}.\n")
        rows = (f"| `{c.name}`{marks[c.personal]} | {c.type} | {c.says} |" for c in table.columns)
        parts.append("\n".join(["| Column | Type | Meaning |", "| --- | --- | --- |", *rows, ""]))
    return "\n".join(parts)


def _page(title: str, intro: str, header: str, rows: Iterable[str]) -> str:
    columns = header.count("|") - 1
    return "\n".join([f"# {title}", "", intro, "", header, "|" + " --- |" * columns, *rows, ""])


SETTINGS_INTRO = """\
Every setting is an environment variable, read once and checked before anything starts. `RAPPORT_X_FILE`
names a file that holds the value of `RAPPORT_X`. `./rapport config check` prints what is in force, secrets
masked. Written by `python -m services.reference write`."""

EVENTS_INTRO = """\
What channels report (`channel.…`), and what services record and publish (`rapport.…`). `?` marks a field that
may be left out, `\\*` a personal one: it is sealed before it is stored or published. The JSON Schema of each
type is in [shared/contracts/schemas](../../shared/contracts/schemas). `customer` in channel events names the
person by any of `customer_no`, `loyalty_id`, `email`, `phone`, `visitor_id`, and may tell `name`,
`given_name`, `family_name`, `country`, `birth_date`. Written by `python -m services.reference write`."""

FACTS_INTRO = """\
What a rule may ask about a customer. Days are days in UTC. A part in angle brackets is to be filled in, as in
`behaviour.channel.web` or `demographics.country`: letters in lower case (currencies in capitals), digits and
underscores; other characters of a category or a topic are written as `_`. What is counted and has not
happened is 0; everything else may be unknown. Written by `python -m services.reference write`."""


METRICS_INTRO = """\
What `GET /v1/metrics` measures, by its place on the scorecard. Every metric also has the scope `company`.
Money is in minor units of one currency; a share of nothing is not available, never 0. How to ask:
[analytics: metrics](../services/analytics-metrics.md). Written by `python -m services.reference write`."""
DICTIONARY_INTRO = """\
The tables of `rapport export` and of `GET /v1/exports` ([how to](../how-to/export.md)). `text` is UTF-8,
`integer` has 64 bits, `moment` is in UTC, `day` a calendar day, `flag` true or false; anything may be null
when it is not known. Money is an integer of minor units of the currency beside it. `\\*` marks a personal
column: it takes the scope `pii:read`. A column that goes or changes its meaning gives the table a new
version; a column more does not. Written by `python -m services.reference write`."""


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each page with what it has to say."""
    yield FOLDER / "settings.md", settings_page()
    yield FOLDER / "events.md", events_page()
    yield FOLDER / "facts.md", facts_page()
    yield FOLDER / "metrics.md", metrics_page()
    yield FOLDER / "data-dictionary.md", dictionary_page()


def stale() -> list[str]:
    """Return the names of the pages that say something else."""
    return [p.name for p, text in pages() if not p.exists() or p.read_text(encoding="utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit status."""
    if arguments == ["write"]:
        for path, text in pages():
            path.write_text(text, encoding="utf-8")
    wrong = stale()
    sys.stdout.write("".join(f"{name} is out of date\n" for name in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
