"""From a template and two clocks to a page, and the record of what was rendered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from services.analytics.domain.report import NoteRendering, Query, ReportTemplateSaved, Template
from services.analytics.reports.formats import content_hash
from services.analytics.reports.page import Answer, Page, Part
from shared.decide import Context, Streams
from shared.events import Meta
from shared.events.clock import Clock
from shared.events.ids import derived


class Ask(Protocol):
    """Answers a query as of a moment, as known at a moment, limited to teams if there are any.

    Raises Invalid, naming what there is not, and Denied for what is kept from the teams.
    """

    def __call__(
        self, query: Query, as_of: datetime, known_at: datetime, teams: tuple[str, ...] = ()
    ) -> Answer:
        """Return the answer."""
        ...


Watermark = Callable[[ReportTemplateSaved, datetime], dict[str, int]]


class Rendering:
    """Fills pages; `watermark` tells how far each service's events are in what a template is read from."""

    def __init__(self, ask: Ask, watermark: Watermark, streams: Streams[Template], clock: Clock) -> None:
        self._ask, self.watermark, self._streams, self._clock = ask, watermark, streams, clock

    def page(
        self, template: ReportTemplateSaved, as_of: datetime, known_at: datetime, teams: tuple[str, ...] = ()
    ) -> Page:
        """Return the template with its answers, each limited to `teams`. Raises Invalid, Denied."""
        answers = {q.name: self._ask(q, as_of, known_at, teams) for q in template.queries}
        parts = tuple(
            Part(block.kind, block.text or "", answers[block.query] if block.query else None)
            for block in template.layout
        )
        origin = (template.title, template.template_id, template.version)
        return Page(*origin, as_of, known_at, parts, teams)

    def note(self, template: ReportTemplateSaved, page: Page, contents: Mapping[str, bytes]) -> None:
        """Record the renderings of a template: the same one again is no news."""
        marks = self.watermark(template, page.as_of)
        for form, content in contents.items():
            hash_ = content_hash(content)
            command = NoteRendering(
                page.template, page.version, form, page.as_of, page.known_at, marks, hash_  # type: ignore[arg-type]
            )  # fmt: skip
            name = derived("rendering", page.template, str(page.version), form, hash_)
            meta = Meta(name, derived("correlation", name), actor="system:reports")
            self._streams.handle(page.template, command, Context(self._clock(), meta))
