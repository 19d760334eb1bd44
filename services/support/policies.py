"""The policy in force for a ticket: looked up when it opens or is classified, and recorded in its stream."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from services.support.domain.calendar import CALENDAR
from services.support.domain.policy import SLA_POLICY, Policy, PolicyInForce, in_force
from services.support.domain.ticket import (
    TICKET,
    ApplyPolicy,
    ContinueTicket,
    OpenTicket,
    Ticket,
    TicketClassified,
    TicketOpened,
)
from services.support.persons import Persons
from services.support.published import published
from shared.decide import Decider
from shared.events.clock import Clock
from shared.hours import Hours

KNOWN_FOR = timedelta(seconds=1)
Find = Callable[[Ticket], PolicyInForce | None]
TierOf = Callable[[str], str | None]


class Policies:
    """The published policies and calendars, read again at most once a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.database: Database[dict[str, Any]] | None = None  # given once it is wired
        self.persons: Persons | None = None
        self._read_at: datetime | None = None
        self._policies: list[Policy] = []
        self._calendars: list[Hours] = []

    def of(self, ticket: Ticket) -> PolicyInForce | None:
        """Return the policy in force for the ticket, or None. Raises Unavailable."""
        self._refresh()
        channel = ticket.opened.channel if ticket.opened else None
        return in_force(self._policies, self._calendars, ticket.tier, ticket.category, channel)

    def tier_of(self, customer: str) -> str | None:
        """Return the value tier of a customer, as long as a policy asks for tiers. Raises Unavailable."""
        self._refresh()
        if self.persons is None or not any(policy.conditions.tiers for policy in self._policies):
            return None
        return self.persons.tier(customer)

    def _refresh(self) -> None:
        moment = self._clock()
        if self._read_at is None or moment - self._read_at >= KNOWN_FOR:
            if self.database is not None:
                self._policies = published(self.database, SLA_POLICY, "policy", Policy)
                self._calendars = published(self.database, CALENDAR, "hours", Hours)
            self._read_at = moment


def promising(find: Find, tier_of: TierOf) -> Decider[Ticket]:
    """Return the tickets' decider that lets the policy in force follow an opening or a classification.

    A ticket that is opened without a tier has that of its customer.
    """

    def decide(ticket: Ticket, command: Any) -> list[Any]:
        if isinstance(command, OpenTicket | ContinueTicket) and command.customer and not command.tier:
            command = replace(command, tier=tier_of(command.customer))
        events = list(TICKET.decide(ticket, command))
        if not any(isinstance(event, TicketOpened | TicketClassified) for event in events):
            return events
        for event in events:
            ticket = TICKET.evolve(ticket, event)
        found = find(ticket)
        applied = TICKET.decide(ticket, ApplyPolicy(ticket.ticket_id, found, at=command.at)) if found else []
        return [*events, *applied]

    return replace(TICKET, decide=decide)
