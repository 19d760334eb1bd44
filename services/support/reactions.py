"""What events mean to support: its own that concern another aggregate, and those of other services."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from services.support.domain.case import CASE, RaiseCase, case_of
from services.support.domain.problem import PROBLEM, LinkTicket
from services.support.domain.promise import PROMISE, EndWatch, WatchPromise
from services.support.domain.survey import SURVEY, RequestSurvey, SkipSurvey, survey_of
from services.support.domain.ticket import TICKET, ContinueTicket, HearResolution, HearReturn, NoteGuideAnswer
from shared.contracts.payload import from_data
from shared.events import Event
from shared.events.clock import rfc3339
from shared.react import React
from shared.receive import Instruct

# (ref, segments) -> whether that person is in one of them
Among = Callable[[str, Sequence[str]], bool]


def message_forwarded(event: Event) -> list[Instruct]:
    """A message for a ticket that is over reaches the one that goes on, or opens it (T-7, T-8)."""
    data, to = event.data, event.data["to_ticket_id"]
    if data["message"] is None:
        return []
    subject = f"Follow-up of {data['ticket_id']}"
    told = (data["ticket_id"], subject, data["message"], data["priority"], event.meta.customer)
    return [Instruct(TICKET.category, to, ContinueTicket(to, *told, at=event.occurred_at))]


def ticket_split(event: Event) -> list[Instruct]:
    """What was split off goes on in a ticket of its own."""
    data, new = event.data, event.data["new_id"]
    told, customer = (data["ticket_id"], data["subject"] or ""), event.meta.customer
    split = ContinueTicket(new, *told, customer=customer, at=event.occurred_at)
    return [Instruct(TICKET.category, new, split)]


def survey_due(event: Event, among: Among = lambda *_: True) -> list[Instruct]:
    """The customer is asked once per cycle, if in one of the segments that are asked (T-9)."""
    key = survey_of(event.data["ticket_id"], event.data["cycle"])
    command = from_data(RequestSurvey, {**event.data, "survey_id": key})
    requested, segments = Instruct(SURVEY.category, key, command), event.data.get("segments") or ()
    if not segments or (event.meta.customer and among(event.meta.customer, segments)):
        return [requested]
    return [requested, Instruct(SURVEY.category, key, SkipSurvey(key, "not_in_segment"))]


def problem_linked(event: Event) -> list[Instruct]:
    """The problem knows its tickets."""
    key = event.data["problem_id"]
    return [Instruct(PROBLEM.category, key, LinkTicket(key, event.data["ticket_id"]))]


def resolution_shared(event: Event) -> list[Instruct]:
    """A ticket hears that the problem behind it is solved, once."""
    data, key = event.data, event.data["ticket_id"]
    command = HearResolution(key, data["problem_id"], data["resolution"], at=event.occurred_at)
    return [Instruct(TICKET.category, key, command)]


def return_shared(event: Event) -> list[Instruct]:
    """A ticket hears that the problem behind it is open again, once."""
    data, key = event.data, event.data["ticket_id"]
    command = HearReturn(key, data["problem_id"], data["reason"], at=event.occurred_at)
    return [Instruct(TICKET.category, key, command)]


def guide_step_answered(event: Event) -> list[Instruct]:
    """What was answered about a ticket is kept there."""
    key = event.data.get("ticket_id")
    if key is None:
        return []
    command = from_data(NoteGuideAnswer, {**event.data, "at": rfc3339(event.occurred_at)})
    return [Instruct(TICKET.category, key, command)]


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


def rule_met(event: Event) -> list[Instruct]:
    """A case names the rule and what it saw (T-10)."""
    data = event.data
    rule, evidence = (data["rule_id"], data["rule_version"]), tuple(data["evidence_event_ids"])
    key = case_of(data["rule_id"], evidence)
    return [Instruct(CASE.category, key, RaiseCase(key, *rule, evidence, data.get("order_id")))]


def kept(_: Event) -> list[Instruct]:
    """Nothing is decided: only what is known follows (services/support/known.py)."""
    return []


REACTIONS: dict[str, React] = {
    "rapport.support.MessageForwarded.v1": message_forwarded,
    "rapport.support.TicketSplit.v1": ticket_split,
    "rapport.support.SurveyDue.v1": survey_due,
    "rapport.support.RuleMet.v1": rule_met,
    "rapport.support.ProblemLinked.v1": problem_linked,
    "rapport.support.ProblemResolutionShared.v1": resolution_shared,
    "rapport.support.ProblemReturnShared.v1": return_shared,
    "rapport.support.GuideStepAnswered.v1": guide_step_answered,
    "rapport.sales.OrderPlaced.v1": kept,
    "rapport.sales.OrderShipped.v1": kept,
    "rapport.sales.DeliveryPromised.v1": delivery_promised,
    "rapport.sales.OrderDelivered.v1": order_delivered,
    "rapport.sales.OrderCancelled.v1": order_cancelled,
    "rapport.contacts.ContactIdentifierLinked.v1": kept,
    "rapport.contacts.ContactIdentifierUnlinked.v1": kept,
    "rapport.contacts.ContactPointAdded.v1": kept,
    "rapport.contacts.ContactPointRemoved.v1": kept,
    "rapport.contacts.ContactsMerged.v1": kept,
    "rapport.contacts.ContactsUnmerged.v1": kept,
    "rapport.analytics.CustomerValueTierChanged.v1": kept,
    "rapport.analytics.SegmentEntered.v1": kept,
    "rapport.analytics.SegmentExited.v1": kept,
}
# Whose sealed values nothing here reads.
SEALED = tuple(type_ for type_, reaction in REACTIONS.items() if reaction is kept)
SOURCES = tuple(sorted({type_.split(".")[1] for type_ in REACTIONS}))


def reactions_with(among: Among) -> Mapping[str, React]:
    """Return the table with what has to know who is in which segment."""
    return {**REACTIONS, "rapport.support.SurveyDue.v1": partial(survey_due, among=among)}
