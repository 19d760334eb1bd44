"""What other services' events mean to the front office (C6), as pure functions."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from services.contacts.domain.contact import Contact, GrantConsent, WithdrawConsent
from services.contacts.domain.contact.consent import ALL
from services.contacts.domain.interaction import RecordInteraction, ScheduleFollowUp
from shared.events import Event
from shared.events.ids import derived
from shared.receive import Instruct

ONBOARDING, CLOSING_THE_LOOP = timedelta(days=3), timedelta(days=1)

# (event, the contact it is about by now, its state) -> instructions
Reaction = Callable[[Event, str, Contact], list[Instruct]]


def onboarding(event: Event, _id: str, contact: Contact) -> list[Instruct]:
    """A new customer is welcomed by whoever looks after them, else by who won the deal."""
    deal, owner = str(event.data["opportunity_id"]), contact.owner or event.data.get("owner")
    return _follow_up(event, f"onboarding of {deal}", deal, owner, ONBOARDING)


def close_the_loop(event: Event, _id: str, contact: Contact) -> list[Instruct]:
    """A low score, as support rates it, is answered by whoever looks after the customer."""
    if not event.data["low"]:
        return []
    purpose = f"{event.data['kind']} score of {event.data['score']}"
    return _follow_up(event, purpose, str(event.data["survey_id"]), contact.owner, CLOSING_THE_LOOP)


def _follow_up(event: Event, purpose: str, about: str, owner: Any, within: timedelta) -> list[Instruct]:
    key = derived("follow-up", event.service, about)
    record = RecordInteraction(key, "note", "none", handler=f"system:{event.service}", regarding=about[:200])
    schedule = ScheduleFollowUp(key, event.occurred_at + within, purpose, owner)
    return [Instruct("interaction", key, record), Instruct("interaction", key, schedule)]


def unsubscribe(event: Event, contact_id: str, _: Contact) -> list[Instruct]:
    """Who unsubscribes from all withdraws everything, else this purpose on this channel."""
    scopes = [(event.data["purpose"], event.data["channel"])]
    if event.data.get("scope") == "all":
        scopes.append((ALL, ALL))
    return [_withdrawn(event, contact_id, *scope, f"unsubscribe:{event.data['method']}") for scope in scopes]


def complaint(event: Event, contact_id: str, _: Contact) -> list[Instruct]:
    """Who complains wants no more of it."""
    return [_withdrawn(event, contact_id, event.data["purpose"], event.data["channel"], "complaint")]


def _withdrawn(event: Event, contact_id: str, purpose: str, channel: str, via: str) -> Instruct:
    at, moment = event.recorded_at, event.occurred_at
    return Instruct("contact", contact_id, WithdrawConsent(contact_id, purpose, channel, at, via, moment))


def form(event: Event, contact_id: str, _: Contact) -> list[Instruct]:
    """A form may carry a consent; its submission is the evidence."""
    said: Mapping[str, Any] | None = event.data.get("consent")
    if not said:
        return []
    grant = GrantConsent(
        contact_id, said["purpose"], said["channel"], "consent", said["text_version"],
        f"form {event.data['form_id']}, submission {event.data['submission_id']}"[:200],
        event.recorded_at, event.occurred_at,
    )  # fmt: skip
    return [Instruct("contact", contact_id, grant)]


FORM = "rapport.campaigns.FormSubmitted.v1"
REACTIONS: Mapping[str, Reaction] = {
    "rapport.sales.OpportunityWon.v1": onboarding,
    "rapport.support.SurveyResponded.v1": close_the_loop,
    FORM: form,
    "rapport.campaigns.UnsubscribeRequested.v1": unsubscribe,
    "rapport.campaigns.ComplaintReceived.v1": complaint,
}
