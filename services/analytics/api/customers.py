"""GET /v1/customers: search, view, timeline, provenance."""

from datetime import datetime
from typing import Any

from services.analytics.api.queries import ClockQuery, CustomersQuery, TimelineQuery, until_of
from services.analytics.customers import HALVES, Customers
from services.analytics.freshness import Freshness
from services.analytics.persons import Persons
from services.analytics.views.customer import CUSTOMER
from services.analytics.views.timeline import Wanted, describe, page
from services.analytics.views.together import TOGETHER
from services.analytics.worth import READS, Worth
from shared.errors import NotFound
from shared.events.clock import now
from shared.http.cursor import decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.project.entry import Entry
from shared.project.journal import Journal

SCOPE = "customers:read"
FOUND = (CUSTOMER.name, "customer_search")
VIEW = (*(half.name for half in HALVES), *READS, TOGETHER.name)
Body = dict[str, Any]


class CustomerApi:
    """Handlers; every answer says how fresh it is."""

    def __init__(
        self, customers: Customers, persons: Persons, freshness: Freshness, journal: Journal, worth: Worth
    ) -> None:
        self._customers, self._persons, self._freshness = customers, persons, freshness
        self._journal, self._worth = journal, worth

    def routes(self) -> list[Route]:
        """Return the routes."""
        root, once = "/v1/customers/<key>", Options(idempotent=False)
        return [
            Route("GET", "/v1/customers", self.list, SCOPE, query=CustomersQuery, options=once,
                  summary="Find customers by words or identifiers, or rank them by value"),
            Route("GET", root, self.view, SCOPE, query=ClockQuery, options=once,
                  summary="One customer, by any ref or `<kind>:<value>`, now or as of any moment"),
            Route("GET", "/v1/customers/by/<kind>/<value>", self.view_by, SCOPE, query=ClockQuery,
                  options=once, summary="One customer, by an identifier: `email/anna@example.org`"),
            Route("GET", f"{root}/timeline", self.timeline, SCOPE, query=TimelineQuery, options=once,
                  summary="Everything that happened, newest first"),
            Route("GET", f"{root}/provenance/<section>", self.provenance, SCOPE, query=ClockQuery,
                  options=once, summary="The events behind a section of the view"),
        ]  # fmt: skip

    def list(self, request: Request) -> Body:
        """Answer a search, or a page of the ranking."""
        query, words = request.query, request.query["q"]
        self._freshness.wait(query["min_version"], query["wait"], *FOUND)
        if words:
            found = self._customers.identified(words) or self._customers.search(words, query["limit"])
            return self._listed(request, found, None)
        currency = query["currency"] or self._customers.main_currency()
        after = decode_cursor(query["cursor"], int, str) if query["cursor"] else None
        found = self._customers.ranked(currency, after, query["limit"] + 1)  # type: ignore[arg-type]
        last = found[query["limit"] - 1] if len(found) > query["limit"] else None
        cursor = encode_cursor(last["leading"]["net"], last["_id"]) if last else None
        return self._listed(request, found[: query["limit"]], cursor)

    def view(self, request: Request) -> Body:
        """Answer one customer."""
        query = request.query
        self._freshness.wait(query["min_version"], query["wait"], *VIEW)
        key = request.params["key"]
        ref = self._customers.ref(key)
        found = self._customers.view(ref, until_of(query))
        if "erased_at" in found and ref != key:
            raise NotFound("nobody is known by this identifier any more")
        shown = self._persons.shown(found, request.principal, query["as_of"] or now())
        shown |= self._worth.of(ref, until_of(query), query["as_of"] or now())
        shown["next_products"] = self._customers.next_products(found) if until_of(query).open else []
        return {"customer": shown, **self._freshness.of(*VIEW)}

    def view_by(self, request: Request) -> Body:
        """Answer the customer an identifier belongs to."""
        request.params = {"key": f"{request.params['kind']}:{request.params['value']}"}
        return self.view(request)

    def timeline(self, request: Request) -> Body:
        """Answer a page of the timeline, straight from the journal."""
        query, until = request.query, until_of(request.query)
        self._freshness.wait(query["min_version"], query["wait"], "journal")
        refs = self._customers.group(self._customers.ref(request.params["key"]), until)
        types = frozenset(filter(None, (query["type"] or "").split(",")))
        wanted = Wanted(_place(query["cursor"]), types, query["channel"], until)
        found = page(self._journal, refs, wanted, query["limit"] + 1)
        more, entries = len(found) > query["limit"], found[: query["limit"]]
        cursor = _cursor(entries[-1]) if more else None
        return {"items": [_shown(e) for e in entries], "next_cursor": cursor, **self._freshness.of("journal")}

    def provenance(self, request: Request) -> Body:
        """Answer the events behind a section."""
        key, section = request.params["key"], request.params["section"]
        entries = self._customers.behind(self._customers.ref(key), section, until_of(request.query))
        return {"section": section, "events": [_shown(e) for e in entries], **self._freshness.of("journal")}

    def _listed(self, request: Request, found: Any, cursor: str | None) -> Body:
        moment = now()
        items = [self._persons.shown(view, request.principal, moment) for view in found]
        return {"items": items, "next_cursor": cursor, **self._freshness.of(*FOUND)}


def _shown(entry: Entry) -> Body:
    event = entry.event
    return {
        "id": event.id, "type": event.full_type, "at": event.occurred_at, "recorded_at": event.recorded_at,
        "channel": event.meta.channel, "service": event.service, "stream": event.stream,
        "position": event.position, "text": describe(event),
    }  # fmt: skip


def _cursor(entry: Entry) -> str:
    return encode_cursor(entry.event.occurred_at.isoformat(), entry.position)


def _place(cursor: str | None) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    moment, position = decode_cursor(cursor, str, int)
    return datetime.fromisoformat(str(moment)), int(position)
