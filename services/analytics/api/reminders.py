"""GET /v1/reminders: whose birthday or anniversary it is on a day."""

from typing import Any

from marshmallow import fields, validate

from services.analytics.api.queries import FreshQuery
from services.analytics.freshness import Freshness
from services.analytics.persons import SCOPE as PERSONAL
from services.analytics.views.reminders import ANNIVERSARY, BIRTHDAY, tokens_on
from shared.events.clock import Clock
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.identity import Refs
from shared.project.pointer import Views

SCOPE, NAME = "customers:read", "reminders"
Body = dict[str, Any]


class RemindersQuery(PageQuery, FreshQuery):
    """On which day; today, unless it is told."""

    on = fields.Date(load_default=None)
    kind = fields.String(load_default=None, validate=validate.OneOf((BIRTHDAY, ANNIVERSARY)))


class RemindersApi:
    """The due list of a day. Birthdays are shown to those who may see personal data."""

    def __init__(self, views: Views, refs: Refs, freshness: Freshness, clock: Clock) -> None:
        self._views, self._refs, self._freshness, self._clock = views, refs, freshness, clock

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route("GET", "/v1/reminders", self.due, SCOPE, query=RemindersQuery,
                  options=Options(idempotent=False),
                  summary="Whose birthday or anniversary of the first order it is on a day"),
        ]  # fmt: skip

    def due(self, request: Request) -> Body:
        """Answer a page of the day's list, in the order of the customers."""
        query = request.query
        self._freshness.wait(query["min_version"], query["wait"], NAME)
        day = query["on"] or self._clock().date()
        kinds = [BIRTHDAY, ANNIVERSARY] if request.principal.may(PERSONAL) else [ANNIVERSARY]
        tokens = tokens_on(self._refs, [k for k in kinds if query["kind"] in (None, k)], day)
        found = self._views.collection(NAME).find({"days": {"$in": sorted(tokens)}})
        after = str(decode_cursor(query["cursor"], str)[0]) if query["cursor"] else ""
        views = sorted((v for v in found if v["_id"] > after), key=lambda v: str(v["_id"]))
        page = views[: query["limit"]]
        items = [
            {"customer": view["_id"], "kind": tokens[t], "years": _years(view, tokens[t], day.year)}
            for view in page
            for t in view["days"]
            if t in tokens
        ]
        cursor = encode_cursor(page[-1]["_id"]) if len(views) > len(page) else None
        return {"on": day, "items": items, "next_cursor": cursor, **self._freshness.of(NAME)}


def _years(view: Body, kind: str, year: int) -> int | None:
    """Return how many years it has been; of a birthday that is not kept."""
    return year - view["first_at"].year if kind == ANNIVERSARY else None
