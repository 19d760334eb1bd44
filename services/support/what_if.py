"""POST /v1/what-if/sla: would we have kept other promises, with the tickets we had?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.support.domain.policy import PolicyInForce
from services.support.domain.terms import Terms
from services.support.domain.ticket import TICKET
from services.support.replaying import History, Window, compared
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data
from shared.decide import Streams
from shared.errors import FieldError, Invalid
from shared.events.clock import Clock
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.listing.listing import Listing
from shared.store.lots import in_lots
from shared.values import Id

PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class TryTerms:
    """These terms and hours for the tickets that were opened from a moment to another."""

    calendar_id: Id
    terms: Terms
    opened_from: datetime
    opened_to: datetime


Body = schema_class(TryTerms)


class WhatIf:
    """Replays tickets; nothing is kept of it."""

    def __init__(self, tickets: Streams[Any], calendars: Streams[Any], lines: Listing, clock: Clock) -> None:
        self._tickets, self._calendars, self._lines, self._clock = tickets, calendars, lines, clock

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route("POST", "/v1/what-if/sla", self.sla, "support:read", body=Body,
                  options=Options(idempotent=False),
                  summary="Replay tickets against other terms, beside how their clocks ended"),
        ]  # fmt: skip

    def sla(self, request: Request) -> dict[str, Any]:
        """Return the comparison."""
        asked = from_data(TryTerms, Body().dump(request.body))
        policy, until = self._policy(asked), self._clock()
        window = (asked.opened_from, asked.opened_to)
        return {**compared(self._histories(window), window, policy, until).told(), "until": until}

    def _policy(self, asked: TryTerms) -> PolicyInForce:
        if asked.opened_from >= asked.opened_to:
            raise Invalid(FieldError("/opened_to", "needs to be after opened_from"))
        if errors := list(asked.terms.wrong()):
            raise Invalid(*errors)
        hours = self._calendars.load([asked.calendar_id], fresh=True)[asked.calendar_id].state.hours
        if hours is None:
            raise Invalid(FieldError("/calendar_id", f"calendar {asked.calendar_id} is not known"))
        return PolicyInForce(PROPOSED, 1, asked.terms, hours)

    def _histories(self, window: Window) -> Iterator[tuple[str, History]]:
        """Yield the tickets of a window in lots, so that no more than a lot of them is held at a time."""
        for keys in in_lots(self._lines.begun(*window)):
            found = self._tickets.store.read_streams([TICKET.stream(key) for key in keys])
            for key in keys:
                events = found.get(TICKET.stream(key), [])
                yield key, [(TICKET.revive(event), event.occurred_at) for event in events]
