"""What events mean to support: its own that concern another aggregate, and those of other services."""

from services.support.domain.case import CASE, RaiseCase, case_of
from services.support.domain.promise import PROMISE, EndWatch, WatchPromise
from services.support.domain.survey import SURVEY, RequestSurvey, survey_of
from services.support.domain.ticket import TICKET, ContinueTicket
from shared.contracts.payload import from_data
from shared.events import Event
from shared.react import React
from shared.receive import Instruct

LATE = "promise_missed"


def message_forwarded(event: Event) -> list[Instruct]:
    """A message for a ticket that is over reaches the one that goes on, or opens it (T-7, T-8)."""
    data, to = event.data, event.data["to_ticket_id"]
    if data["message"] is None:
        return []
    subject = f"Follow-up of {data['ticket_id']}"
    told = (data["ticket_id"], subject, data["message"], data["priority"])
    return [Instruct(TICKET.category, to, ContinueTicket(to, *told, at=event.occurred_at))]


def ticket_split(event: Event) -> list[Instruct]:
    """What was split off goes on in a ticket of its own."""
    data, new = event.data, event.data["new_id"]
    split = ContinueTicket(new, data["ticket_id"], data["subject"] or "", at=event.occurred_at)
    return [Instruct(TICKET.category, new, split)]


def survey_due(event: Event) -> list[Instruct]:
    """The customer is asked once per cycle (T-9)."""
    key = survey_of(event.data["ticket_id"], event.data["cycle"])
    command = from_data(RequestSurvey, {**event.data, "survey_id": key})
    return [Instruct(SURVEY.category, key, command)]


def delivery_promised(event: Event) -> list[Instruct]:
    """A day that was promised is minded."""
    key = event.data["order_id"]
    command = from_data(WatchPromise, {**event.data, "event_id": event.id})
    return [Instruct(PROMISE.category, key, command)]


def order_delivered(event: Event) -> list[Instruct]:
    """What arrived needs no minding."""
    key = event.data["order_id"]
    return [Instruct(PROMISE.category, key, EndWatch(key, "delivered"))]


def order_cancelled(event: Event) -> list[Instruct]:
    """What is off needs no minding."""
    key = event.data["order_id"]
    return [Instruct(PROMISE.category, key, EndWatch(key, "cancelled"))]


def promise_missed(event: Event) -> list[Instruct]:
    """A case names the promise and its passing (T-10)."""
    evidence = (event.data["event_id"], event.id)
    key = case_of(LATE, evidence)
    raised = RaiseCase(key, LATE, 1, evidence, event.data["order_id"])
    return [Instruct(CASE.category, key, raised)]


def kept(_: Event) -> list[Instruct]:
    """Nothing is decided: only what is known follows (services/support/known.py)."""
    return []


REACTIONS: dict[str, React] = {
    "rapport.support.MessageForwarded.v1": message_forwarded,
    "rapport.support.TicketSplit.v1": ticket_split,
    "rapport.support.SurveyDue.v1": survey_due,
    "rapport.support.PromiseMissed.v1": promise_missed,
    "rapport.sales.OrderPlaced.v1": kept,
    "rapport.sales.OrderShipped.v1": kept,
    "rapport.sales.DeliveryPromised.v1": delivery_promised,
    "rapport.sales.OrderDelivered.v1": order_delivered,
    "rapport.sales.OrderCancelled.v1": order_cancelled,
    "rapport.contacts.ContactIdentifierLinked.v1": kept,
    "rapport.contacts.ContactIdentifierUnlinked.v1": kept,
    "rapport.contacts.ContactsMerged.v1": kept,
    "rapport.contacts.ContactsUnmerged.v1": kept,
}
# Whose sealed values nothing here reads.
SEALED = tuple(type_ for type_, reaction in REACTIONS.items() if reaction is kept)
SOURCES = tuple(sorted({type_.split(".")[1] for type_ in REACTIONS}))
