"""GET /v1/history/<service>/<plural>/<id>: one order, deal, ticket, ... as it was at any date."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.exports.events import unsealed
from services.analytics.freshness import Freshness
from services.analytics.views.facts import Kind, entity_of
from services.analytics.views.facts_sales import AGREEMENT, DEAL, LEAD, ORDER, QUOTE
from services.analytics.views.facts_support import CASE, SURVEY, TICKET
from shared.errors import NotFound
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.project.entry import Entry, Until
from shared.project.journal import Journal
from shared.project.pointer import Views

# Service and plural as in the owner's URLs: the category of its streams, and the facts that name customers.
KEPT: Mapping[tuple[str, str], tuple[str, Kind]] = {
    ("sales", "orders"): ("order", ORDER),
    ("sales", "opportunities"): ("opportunity", DEAL),
    ("sales", "leads"): ("lead", LEAD),
    ("sales", "quotes"): ("quote", QUOTE),
    ("sales", "agreements"): ("agreement", AGREEMENT),
    ("support", "tickets"): ("ticket", TICKET),
    ("support", "surveys"): ("survey", SURVEY),
    ("support", "cases"): ("case", CASE),
}
Body = dict[str, Any]


class HistoryApi:
    """The handler; personal values are null, for the customer view shows those."""

    def __init__(self, journal: Journal, views: Views, freshness: Freshness) -> None:
        self._journal, self._views, self._freshness = journal, views, freshness

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route("GET", "/v1/history/<service>/<plural>/<id>", self.state, "customers:read",
                  query=ClockQuery, options=Options(idempotent=False),
                  summary="An order, deal, ticket, ... as it was then, and the events that say so"),
        ]  # fmt: skip

    def state(self, request: Request) -> Body:
        """Answer what the events within the clocks say."""
        service, plural, id_ = (request.params[name] for name in ("service", "plural", "id"))
        if (service, plural) not in KEPT:
            known = ", ".join("/".join(each) for each in KEPT)
            raise NotFound(f"no history is kept of {service}/{plural}; there is {known}")
        category, kind = KEPT[service, plural]
        self._freshness.wait(request.query["min_version"], request.query["wait"], kind.view)
        entries = self._stream(f"{category}-{id_}", kind, until_of(request.query))
        if not entries:
            raise NotFound(f"{id_} of {service}/{plural} was not known then")
        return {"id": id_, **folded(entries), **self._freshness.of("journal")}

    def _stream(self, stream: str, kind: Kind, until: Until) -> list[Entry]:
        """Return the entries of a stream, found over its customers: the journal has no index of streams."""
        facts = self._views.collection(kind.view).find_one({"_id": stream})
        refs = {f.customer for f in entity_of(facts).facts if f.customer} if facts else set()
        mine = (e for e in self._journal.of_customers(sorted(refs)) if e.event.stream == stream)
        held = [e for e in mine if until.holds(e.event.occurred_at, e.event.recorded_at)]
        return sorted(held, key=lambda e: e.event.version)


def folded(entries: Iterable[Entry]) -> Body:
    """Return the fields as they were said last, the last event, and all events.

    `to_<field>` sets the field, `from_<field>` tells nothing new; what is personal is null.
    """
    state: Body = {}
    events = [entry.event for entry in entries]
    for event in events:
        for name, value in unsealed(dict(event.data)).items():
            if not name.startswith("from_"):
                state[name.removeprefix("to_")] = value
    told = [
        {
            "id": e.id,
            "type": e.full_type,
            "version": e.version,
            "at": e.occurred_at,
            "recorded_at": e.recorded_at,
        }
        for e in events
    ]
    return {"state": state, "last": told[-1]["type"], "version": told[-1]["version"], "events": told}
