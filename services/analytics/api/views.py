"""GET /v1/views: every readable view, paged, with filters and freshness."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields, validate

from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.customers import Customers
from services.analytics.freshness import Freshness
from services.analytics.metrics.reader import within
from services.analytics.views.facts import entity_of
from services.analytics.views.lines import line
from services.analytics.views.readable import READABLE, Entities, Readable, Table, described, filters_of
from shared.errors import FieldError, Invalid, NotFound
from shared.events.clock import Clock
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.project.entry import Until
from shared.project.pointer import Views
from shared.store.lots import in_lots

SCOPE = "metrics:read"
Body = dict[str, Any]
FILTERS = ("month", "day", "week", "customer", "status")


class ViewQuery(PageQuery, ClockQuery):
    """Which lines: of a month (this one, if nothing is said), a day or a customer; in a state."""

    month = fields.String(load_default=None, validate=validate.Regexp(r"^\d{4}-\d{2}\Z"))
    day = fields.String(load_default=None, validate=validate.Regexp(r"^\d{4}-\d{2}-\d{2}\Z"))
    week = fields.String(load_default=None, validate=validate.Regexp(r"^\d{4}-W\d{2}\Z"))
    customer = fields.String(load_default=None, validate=validate.Length(1, 300))
    status = fields.String(load_default=None, validate=validate.Length(1, 50))


class ViewsApi:
    """Handlers; `clock` names the present month and nothing else."""

    def __init__(self, views: Views, customers: Customers, freshness: Freshness, clock: Clock) -> None:
        self._views, self._customers, self._freshness, self._clock = views, customers, freshness, clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        once = Options(idempotent=False)
        return [
            Route("GET", "/v1/views", self.catalogue, SCOPE, options=once,
                  summary="The views that can be paged through, with their filters"),
            Route("GET", "/v1/views/<name>", self.page, SCOPE, query=ViewQuery, options=once,
                  summary="A page of a view: by month, day, week, customer or state"),
        ]  # fmt: skip

    def catalogue(self, _: Request) -> Body:
        """Answer the views there are."""
        return {"items": described()}

    def page(self, request: Request) -> Body:
        """Answer a page of lines, in the order of their ids."""
        name, query = request.params["name"], request.query
        view = READABLE.get(name)
        if view is None:
            raise NotFound(f"there is no view {name}; GET /v1/views lists them")
        _check(view, query)
        self._freshness.wait(query["min_version"], query["wait"], view.projection)
        after = decode_cursor(query["cursor"], str)[0] if query["cursor"] else ""
        found = [item for item in self._lines(view, query) if item["id"] > str(after)]
        page, more = found[: query["limit"]], len(found) > query["limit"]
        cursor = encode_cursor(page[-1]["id"]) if more else None
        return {"view": name, "items": page, "next_cursor": cursor, **self._freshness.of(view.projection)}

    def _lines(self, view: Readable, query: Mapping[str, Any]) -> Iterable[Body]:
        if isinstance(view, Table):
            return self._periods(view, query)
        wanted = (line(e, view.say) for e in self._entities(view, query) if e.facts)
        return [item for item in wanted if query["status"] in (None, item.get("status"))]

    def _periods(self, view: Table, query: Mapping[str, Any]) -> Iterable[Body]:
        """Read by the equality that the index serves."""
        at = self._clock()
        year, week, _ = at.isocalendar()
        present = f"{year}-W{week:02}" if view.projection == "adoption" else f"{at:%Y-%m}"
        period = query["week"] or query["month"] or present
        found = self._views.collection(view.projection).find({"period": period})
        return sorted(({"id": d.pop("_id"), **d} for d in found), key=lambda d: str(d["id"]))

    def _entities(self, view: Entities, query: Mapping[str, Any]) -> Iterable[Any]:
        until, collection = until_of(query), self._views.collection(view.projection)  # type: ignore[arg-type]
        lots = in_lots(self._tags(view, query, until))
        found = {d["_id"]: d for lot in lots for d in collection.find({"on": {"$in": lot}})}
        return [within(entity_of(found[key]), until) for key in sorted(found)]

    def _tags(self, view: Entities, query: Mapping[str, Any], until: Until) -> list[str]:
        if query["customer"]:
            refs = self._customers.group(self._customers.ref(query["customer"]), until)
            return [f"customer:{ref}" for ref in refs]
        return [f"{view.on}:{query['day'] or query['month'] or f'{self._clock():%Y-%m}'}"]


def _check(view: Readable, query: Mapping[str, Any]) -> None:
    """Refuse filters that the view does not have, by name."""
    known = filters_of(view)
    wrong = [name for name in FILTERS if query[name] is not None and name not in known]
    if wrong:
        raise Invalid(
            *(FieldError(f"?{name}", f"is no filter of this view: {', '.join(known)}") for name in wrong)
        )
