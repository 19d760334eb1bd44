"""Self-service: a customer asks how an order or a ticket stands, with an identifier that has to be theirs."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from services.support.domain.ticket import TICKET, Ticket, TicketOpened
from services.support.known import NAMES, order_facts
from services.support.persons import Persons
from shared.decide import Streams
from shared.errors import NotFound
from shared.events import Event
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.identity import KINDS, Refs, normalise
from shared.privacy import Vault

TEXT = validate.Length(1, 200)
ONCE = Options(idempotent=False)


class Question(Schema):
    """Which one, and who asks: `verified` when the caller has made sure that the identifier is theirs."""

    number = fields.String(required=True, validate=TEXT)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    value = fields.String(required=True, validate=TEXT)
    verified = fields.Boolean(load_default=False)


class SelfService:
    """Answers customers. Who asks with somebody else's identifier learns nothing, not even that it exists."""

    def __init__(self, tickets: Streams[Ticket], persons: Persons, refs: Refs, vault: Vault) -> None:
        self._tickets, self._persons, self._refs, self._vault = tickets, persons, refs, vault

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(
                "POST",
                f"/v1/self-service/{what}",
                handle,
                "support:self-service",
                body=Question,
                options=ONCE,
                summary=f"How one of the customer's {what} stands",
            )
            for what, handle in (("orders", self.order), ("tickets", self.ticket))
        ]

    def order(self, request: Request) -> dict[str, Any]:
        """Return the stage of an order, and its dates and total to who is verified."""
        facts = order_facts(self._tickets.store, request.body["number"])
        owner = next((fact["customer"] for fact in facts.values() if fact["customer"]), None)
        if not self._asks(request.body, owner):
            raise _unknown()
        return {"number": request.body["number"], **_order(facts, request.body["verified"])}

    def ticket(self, request: Request) -> dict[str, Any]:
        """Return the status of a ticket, and the conversation to who is verified."""
        key = request.body["number"]
        found = self._tickets.load([key], fresh=True)[key]
        opened = found.state.opened
        if opened is None or not self._asks(request.body, found.customer):
            raise _unknown()
        shown = {"number": key, "status": found.state.status}
        return {**shown, **self._conversation(key, opened)} if request.body["verified"] else shown

    def _asks(self, body: Mapping[str, Any], owner: str | None) -> bool:
        asking = self._refs.of(normalise(body["kind"], body["value"]))
        return self._persons.same([owner, asking])

    def _conversation(self, key: str, opened: TicketOpened) -> dict[str, Any]:
        stream = TICKET.stream(key)
        said = [e for e in self._tickets.store.read_stream(stream) if _seen(e)]
        texts = self._vault.open_many([(e.data["message"], stream, "message") for e in said])
        messages = [
            {"from_us": e.type == "ReplySent", "at": e.occurred_at, "text": text}
            for e, text in zip(said, texts, strict=True)
        ]
        return {"subject": self._vault.open(opened.subject, stream, "subject"), "messages": messages}


def _seen(event: Event) -> bool:
    """What the customer wrote, and what we answered in public."""
    if event.type in ("TicketOpened", "CustomerMessageReceived"):
        return event.data.get("message") is not None
    return event.type == "ReplySent" and bool(event.data["public"])


def _unknown() -> NotFound:
    """One answer for what does not exist and for what is somebody else's."""
    return NotFound("nothing is known under this number and identifier")


def _order(facts: Mapping[str, Mapping[str, Any]], verified: bool) -> dict[str, Any]:
    """The stage is for everybody who has the number and the identifier; the rest for who is verified."""
    reached = [name for name in NAMES if name in facts and name != "promised"]
    shown: dict[str, Any] = {"status": reached[-1] if reached else "unknown"}
    if "promised" in facts:
        shown["promised_on"] = facts["promised"]["promised_on"]
    if verified:
        shown |= {f"{name}_at": facts[name]["at"] for name in reached}
        shown |= {"total": facts["placed"]["total"]} if "placed" in facts else {}
    return shown
