"""GET /v1/exports: the tables for analysts' own tools, as lines of JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson
from marshmallow import Schema, fields, validate

from services.analytics.api.moments import Instant
from services.analytics.api.queries import until_of
from services.analytics.exports.reading import Asked, Rows
from services.analytics.exports.table import Table
from services.analytics.exports.tables import table_of
from services.analytics.persons import SCOPE as PERSONAL
from shared.errors import FieldError, Invalid
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.telemetry import logs

SCOPE = "exports:read"
LINES = "application/x-ndjson"
_log = logs.get("exports")


class ExportQuery(Schema):
    """Which rows of the table."""

    after = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2**53),
        metadata={"description": "Only what changed after this position, the `upto` of an earlier export."},
    )
    since = fields.Date(load_default=None, metadata={"description": "Only rows of this day and later ones."})
    as_of = Instant(load_default=None, metadata={"description": "Bounds when it happened."})
    known_at = Instant(load_default=None, metadata={"description": "Bounds when it was recorded."})


class ExportApi:
    """Handlers; every export is in the audit log."""

    def __init__(self, rows: Rows, tables: dict[str, Table]) -> None:
        self._rows, self._tables = rows, tables

    def routes(self) -> list[Route]:
        """Return the routes."""
        once = Options(idempotent=False)
        return [
            Route("GET", "/v1/exports", self.list, SCOPE, options=once,
                  summary="The tables with their columns"),
            Route("GET", "/v1/exports/<table>", self.export, SCOPE, query=ExportQuery, options=once,
                  summary="The rows of a table, as lines of JSON",
                  description="The first line is `{\"$begin\": ...}` with columns and position, the last "
                  "`{\"$end\": ...}` with the number of rows; without it the answer is not whole. "
                  "Personal columns take the scope `pii:read` as well."),
        ]  # fmt: skip

    def list(self, request: Request) -> dict[str, Any]:
        """Answer the tables."""
        personal = request.principal.may(PERSONAL)
        return {"items": [described(table, personal=personal) for table in self._tables.values()]}

    def export(self, request: Request) -> Answer:
        """Stream the rows."""
        table, query = table_of(self._tables, request.params["table"]), request.query
        asked = Asked(query["after"], query["since"], until_of(query), request.principal.may(PERSONAL))
        _check(table, asked)
        upto = max(asked.after, self._rows.upto(table))
        about = {"principal": request.principal.id, "table": table.name, "personal": asked.personal}
        _log.info("exported", audit=True, **about, after=asked.after, upto=upto, remote=request.remote)
        return Answer(self._lines(table, asked, upto), content_type=LINES)

    def _lines(self, table: Table, asked: Asked, upto: int) -> Iterator[bytes]:
        begin = {
            **described(table, personal=asked.personal),
            "upto": upto,
            "about": self._rows.about(table, asked),
        }
        yield _line({"$begin": begin})
        count = 0
        for lot in self._rows.read(table, asked, upto):
            count += len(lot)
            yield b"".join(map(_line, lot))
        yield _line({"$end": {"rows": count}})


def described(table: Table, *, personal: bool) -> dict[str, Any]:
    """Return what a table is, for somebody who may see personal data, or may not."""
    return {
        "table": table.name, "version": table.version, "says": table.says, "key": list(table.key),
        "day": table.day, "past": table.past,
        "columns": [asdict(column) for column in table.shown(personal=personal)],
    }  # fmt: skip


def _check(table: Table, asked: Asked) -> None:
    bound = [name for name in ("as_of", "known_at") if getattr(asked.until, name)]
    if bound and asked.after:
        raise Invalid(FieldError("?after", "goes with neither as_of nor known_at: changes count up to now"))
    if bound and not table.past:
        raise Invalid(FieldError(f"?{bound[0]}", f"{table.name} can be exported as they are now only"))


def _line(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
