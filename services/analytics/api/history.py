"""GET /v1/history/<service>/<plural>/<id>: one order, deal, ticket, ... as it was at any date."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.exports.events import unsealed
from services.analytics.freshness import Freshness
from services.analytics.metrics.reader import within
from services.analytics.views.facts import Entity, Kind, entity_of
from services.analytics.views.facts_sales import AGREEMENT, DEAL, LEAD, ORDER, QUOTE
from services.analytics.views.facts_support import CASE, SURVEY, TICKET
from services.analytics.views.readable import SAYS
from shared.errors import NotFound
from shared.events import Event
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
# What `to_date` is the new value of.
DATES = {"ExpectedCloseChanged": "expected_close_on", "QuoteValidityExtended": "valid_until"}
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
        entity, until = self._entity(f"{category}-{id_}", kind), until_of(request.query)
        entries = self._entries(entity, until)
        if not entries:
            raise NotFound(f"{id_} of {service}/{plural} was not known then")
        told = {**folded([entry.event for entry in entries]), "line": SAYS[kind.view](within(entity, until))}
        return {"id": id_, **told, **self._freshness.of("journal", kind.view)}

    def _entity(self, stream: str, kind: Kind) -> Entity:
        facts = self._views.collection(kind.view).find_one({"_id": stream})
        return entity_of(facts) if facts else Entity(stream, ())

    def _entries(self, entity: Entity, until: Until) -> list[Entry]:
        """Return the entries of a stream, found over its customers: the journal has no index of streams."""
        refs = {fact.customer for fact in entity.facts if fact.customer}
        mine = (e for e in self._journal.of_customers(sorted(refs)) if e.event.stream == entity.stream)
        held = [e for e in mine if until.holds(e.event.occurred_at, e.event.recorded_at)]
        return sorted(held, key=lambda e: e.event.version)


def folded(events: Sequence[Event]) -> Body:
    """Return the fields as they were said last, the last event, and all events; what is personal is null."""
    state: Body = {}
    for event in events:
        state |= dict(_set_by(event))
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


def _set_by(event: Event) -> Iterator[tuple[str, Any]]:
    """Yield the fields that an event sets: `to_stage` tells the new stage, `probability_to` the probability.

    What they were before is no news. The id of something else stays beside the thing's own.
    """
    data = unsealed(dict(event.data))
    for name, value in data.items():
        plain, pair = name.removeprefix("to_"), name.removesuffix("_to")
        if name == "to_date":
            yield DATES.get(event.type, name), value
        elif name != pair and f"{pair}_from" in data:
            yield pair, value
        elif not _was(name, data):
            yield name if plain.endswith("_id") else plain, value


def _was(name: str, data: Body) -> bool:
    return name.startswith("from_") or (name.endswith("_from") and f"{name[:-5]}_to" in data)
