"""What support offers over HTTP besides the commands of its aggregates."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from services.support.account import account
from services.support.domain.case import CASE, RaiseCase, case_of
from services.support.domain.ticket import TICKET, AbsorbTicket, MergeTickets
from services.support.known import KEPT, order_facts
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


class MergeBody(Schema):
    """The ticket that goes on instead of the one in the path."""

    survivor_id = fields.String(required=True, validate=ID)


RaiseBody = schema_class(RaiseCase, without=("case_id",))


def case_routes(cases: Streams[Any], clock: Clock) -> list[Route]:
    """Return the route that raises a case: its id is made of the rule and the evidence (T-10)."""

    def raise_(request: Request) -> Answer:
        data = RaiseBody().dump(request.body)
        key = case_of(data["rule_id"], data["evidence_event_ids"])
        command = from_data(RaiseCase, {**data, "case_id": key})
        context = context_of(request, clock)
        about = replace(context, meta=replace(context.meta, customer=command.customer))
        done, after = cases.handle(key, command, about)
        told = {"id": key, "version": after.version, "events": [e.full_type for e in done.events]}
        return Answer(told, etag=after.version, location=f"/v1/cases/{key}")

    return [
        Route(
            "POST",
            "/v1/cases",
            raise_,
            f"{CASE.service}:write",
            body=RaiseBody,
            status=201,
            summary="Raise a proactive case by a rule and its evidence; the same raise one case only",
        )
    ]


def ticket_routes(tickets: Streams[Any], clock: Clock) -> list[Route]:
    """Return the routes of tickets that concern two of them, or their clocks."""

    def merge(request: Request) -> dict[str, Any]:
        context, absorbed = context_of(request, clock), request.params["key"]
        survivor, at = request.body["survivor_id"], context.occurred_at
        both = [
            Instruct(TICKET.category, absorbed, MergeTickets(absorbed, survivor, at=at)),
            Instruct(TICKET.category, survivor, AbsorbTicket(survivor, absorbed, at=at)),
        ]
        done = together(tickets.store, tickets.peers, context, both)
        return {"id": absorbed, "survivor_id": survivor, "events": [e.full_type for e in done.events]}

    def sla(request: Request) -> dict[str, Any]:
        key = request.params["key"]
        events = tickets.store.read_stream(TICKET.stream(key))
        if not events:
            raise NotFound(f"there is nothing under {key}")
        return {"id": key, **account([TICKET.revive(event) for event in events], clock())}

    def order(request: Request) -> dict[str, Any]:
        opened = tickets.load([request.params["key"]], fresh=True)[request.params["key"]].state.opened
        facts = order_facts(tickets.store, opened.order_no) if opened and opened.order_no else {}
        if not facts:
            raise NotFound("no order is known for this ticket")
        shown = {name: {"at": fact["at"], **_told(name, fact)} for name, fact in facts.items()}
        return {"id": request.params["key"], "order_no": opened.order_no, "facts": shown}

    return [
        Route(
            "GET",
            "/v1/tickets/<key>/order",
            order,
            "support:read",
            summary="What is known of the order a ticket is about",
        ),
        Route(
            "POST",
            "/v1/tickets/<key>/merge",
            merge,
            "support:write",
            body=MergeBody,
            summary="End a ticket because another about the same goes on",
        ),
        Route(
            "GET",
            "/v1/tickets/<key>/sla",
            sla,
            "support:read",
            summary="The account of its clocks: running, paused and closed time, line by line",
        ),
    ]


def _told(name: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    return {field: fact[field] for field in KEPT[name]}
