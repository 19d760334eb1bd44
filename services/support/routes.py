"""What support offers over HTTP besides the commands of its aggregates."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from services.support.account import account
from services.support.domain.case import RaiseCase, case_of
from services.support.domain.ticket import TICKET, AbsorbTicket, MergeTickets
from services.support.domain.warranty import Warranty
from services.support.known import order_facts
from services.support.order_of import order_of
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data
from shared.decide import Streams
from shared.errors import NotFound
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Route
from shared.receive import Instruct
from shared.receive.together import together
from shared.service.aggregate_routes import context_of

ID = validate.Length(1, 200)
READ, WRITE = "support:read", "support:write"
RaiseBody = schema_class(RaiseCase, without=("case_id",))
RAISES = "Raise a proactive case by a rule and its evidence; the same raise one case only"
MERGES = "End a ticket because another about the same goes on"
ACCOUNTS = "The account of its clocks: running, paused and closed time, line by line"


class MergeBody(Schema):
    """The ticket that goes on instead of the one in the path."""

    survivor_id = fields.String(required=True, validate=ID)


class CaseDesk:
    """Raises cases: the id of each is made of the rule and the evidence (T-10)."""

    def __init__(self, cases: Streams[Any], clock: Clock) -> None:
        self._cases, self._clock = cases, clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("POST", "/v1/cases", self.raise_, WRITE, body=RaiseBody, status=201, summary=RAISES)]

    def raise_(self, request: Request) -> Answer:
        """Raise a case, or return the one there is."""
        data = RaiseBody().dump(request.body)
        key = case_of(data["rule_id"], data["evidence_event_ids"])
        command = from_data(RaiseCase, {**data, "case_id": key})
        context = context_of(request, self._clock)
        about = replace(context, meta=replace(context.meta, customer=command.customer))
        done, after = self._cases.handle(key, command, about)
        told = {"id": key, "version": after.version, "events": [e.full_type for e in done.events]}
        return Answer(told, etag=after.version, location=f"/v1/cases/{key}")


class TicketDesk:
    """What concerns two tickets, the clocks of one, or its order."""

    def __init__(self, tickets: Streams[Any], warranties: Callable[[], list[Warranty]], clock: Clock) -> None:
        self._tickets, self._warranties, self._clock = tickets, warranties, clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        root = "/v1/tickets/<key>"
        return [
            Route("POST", f"{root}/merge", self.merge, WRITE, body=MergeBody, summary=MERGES),
            Route("GET", f"{root}/sla", self.sla, READ, summary=ACCOUNTS),
            Route(
                "GET",
                f"{root}/order",
                self.order,
                READ,
                summary="Its order and warranties",
            ),
        ]

    def merge(self, request: Request) -> dict[str, Any]:
        """Merge two tickets; both change, or neither (T-7)."""
        context, absorbed = context_of(request, self._clock), request.params["key"]
        survivor, at = request.body["survivor_id"], context.occurred_at
        both = [
            Instruct(TICKET.category, absorbed, MergeTickets(absorbed, survivor, at=at)),
            Instruct(TICKET.category, survivor, AbsorbTicket(survivor, absorbed, at=at)),
        ]
        done = together(self._tickets.store, self._tickets.peers, context, both)
        return {"id": absorbed, "survivor_id": survivor, "events": [e.full_type for e in done.events]}

    def sla(self, request: Request) -> dict[str, Any]:
        """Return the account of the clocks up to now."""
        key = request.params["key"]
        events = self._tickets.store.read_stream(TICKET.stream(key))
        if not events:
            raise NotFound(f"there is nothing under {key}")
        return {"id": key, **account([TICKET.revive(event) for event in events], self._clock())}

    def order(self, request: Request) -> dict[str, Any]:
        """Return what sales said of the ticket's order, and what of it is under warranty."""
        key = request.params["key"]
        opened = self._tickets.load([key], fresh=True)[key].state.opened
        facts = order_facts(self._tickets.store, opened.order_no) if opened and opened.order_no else {}
        if not facts:
            raise NotFound("no order is known for this ticket")
        about = order_of(facts, self._warranties(), self._clock().date())
        return {"id": key, "order_no": opened.order_no, **about}
