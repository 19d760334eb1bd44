"""Reports and the shipped questions: as numbers, as a page, as a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from services.analytics.api.moments import Instant
from services.analytics.domain.report import ReportTemplateSaved, Template
from services.analytics.metrics.limit import limited
from services.analytics.reports.formats import FORMS, content_hash, render
from services.analytics.reports.page import Page, Part
from services.analytics.reports.rendering import Rendering
from services.analytics.reports.shipped import SHIPPED
from shared.decide import Streams
from shared.errors import NotFound
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route

SCOPE = "metrics:read"
Body = dict[str, Any]


class RenderingQuery(Schema):
    """Both clocks, and the form; without clocks: now."""

    as_of = Instant(load_default=None, metadata={"description": "What had happened by then."})
    known_at = Instant(load_default=None, metadata={"description": "What was known by then."})
    format = fields.String(load_default="json", validate=validate.OneOf(("json", *FORMS)))


class ReportsApi:
    """Handlers; a template somebody saved under the name of a shipped one takes its place."""

    def __init__(self, streams: Streams[Template], rendering: Rendering, clock: Clock) -> None:
        self._streams, self._rendering, self._clock = streams, rendering, clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        narrowed = Options(idempotent=False, narrows=True)
        return [
            Route("GET", "/v1/questions", self.questions, SCOPE, options=narrowed,
                  summary="The questions every company has, each with a report that answers it"),
            Route("GET", "/v1/reports/<key>/rendered", self.rendered, SCOPE, query=RenderingQuery,
                  options=narrowed,
                  summary="A saved or shipped report as of any moment: JSON, HTML, PDF or CSV"),
        ]  # fmt: skip

    def questions(self, _: Request) -> Body:
        """Answer the shipped reports."""
        return {
            "items": [{"id": t.template_id, "title": t.title, "asks": asks} for t, asks in SHIPPED.values()]
        }

    def rendered(self, request: Request) -> Body | Answer:
        """Answer the report; a file of the whole company is recorded with the hash of its content."""
        query = request.query
        template, saved = self._template(request.params["key"])
        now = self._clock()
        as_of, known_at = query["as_of"] or now, query["known_at"] or now
        page = self._rendering.page(template, as_of, known_at, request.principal.teams)
        if query["format"] == "json":
            return {**_shown(page), "watermark": self._rendering.watermark(template, as_of)}
        content = render(query["format"], page)
        if saved and not page.teams:
            self._rendering.note(template, page, {query["format"]: content})
        return _file(page, query["format"], content)

    def _template(self, key: str) -> tuple[ReportTemplateSaved, bool]:
        template = self._streams.load([key], fresh=True)[key].state
        if template.current is not None:
            return template.current, True
        if key not in SHIPPED:
            raise NotFound(f"there is no report {key}")
        return SHIPPED[key][0], False


def _file(page: Page, form: str, content: bytes) -> Answer:
    name = f'attachment; filename="{page.template}-{page.as_of:%Y-%m-%d}.{form}"'
    headers = {"Content-Disposition": name} if form != "html" else {}
    headers["X-Content-SHA256"] = content_hash(content)
    return Answer(content, content_type=FORMS[form].media, headers=headers)


def _shown(page: Page) -> Mapping[str, Any]:
    clocks: dict[str, datetime] = {"as_of": page.as_of, "known_at": page.known_at}
    origin = {"id": page.template, "version": page.version, "title": page.title}
    return {**origin, **clocks, **limited(page.teams), "parts": [_part(part) for part in page.parts]}


def _part(part: Part) -> Body:
    if part.answer is None:
        return {"kind": part.kind, "text": part.text}
    names = [column.name for column in part.answer.columns]
    return {
        "kind": part.kind, "name": part.answer.name, "note": part.answer.note,
        "columns": [{"name": c.name, "unit": c.unit} for c in part.answer.columns],
        "rows": [dict(zip(names, row, strict=True)) for row in part.answer.rows],
    }  # fmt: skip
