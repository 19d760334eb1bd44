"""What moves people through journeys, and out of them."""

from typing import Any

from services.campaigns.domain.enrolment import ENROLMENT, Enroll, NoteSignal, enrolment_id
from services.campaigns.domain.journey.steps import Signal
from services.campaigns.domain.message import MESSAGE, QueueMessage, message_id
from shared.events import Event
from shared.receive.heard import Instruct

NURTURE, WIN_BACK = "nurture", "win-back"
SIGNALS: dict[str, Signal] = {
    "MessageOpened": "opened",
    "LinkClicked": "clicked",
    "MessageReplied": "replied",
}


def step_reached(event: Event) -> list[Instruct]:
    """A step that sends queues its message, once for each cycle."""
    said = event.data
    if said["kind"] != "send":
        return []
    step = f"{said['journey_id']}:{said['step']}"
    campaign, person, cycle = said["campaign_id"], said["contact_id"], said["cycle"]
    key = message_id(campaign, step, person, cycle)
    what = (said["template_id"], said["purpose"], "email", said["enrolment_id"])
    command = QueueMessage(key, campaign, person, step, cycle, *what)
    return [Instruct(MESSAGE.category, key, command)]


def engaged(event: Event) -> list[Instruct]:
    """What a person does with a message of a journey is a signal there; what machines do is none (M-5)."""
    key = event.data.get("enrolment_id")
    if key is None or event.data.get("automated"):
        return []
    return [_enrolment(NoteSignal(key, SIGNALS[event.type]))]


def lead_recycled(event: Event) -> list[Instruct]:
    """A lead that goes back is nurtured, if there is a journey of that name."""
    person = event.meta.customer
    return [] if person is None else [_begun(NURTURE, person, event)]


def churn_risk_raised(event: Event) -> list[Instruct]:
    """A customer who may leave is won back, if there is a journey of that name."""
    return [_begun(WIN_BACK, str(event.data["customer"]), event)]


def _begun(journey: str, person: str, event: Event) -> Instruct:
    return _enrolment(Enroll(enrolment_id(journey, person), journey, person, event.occurred_at))


def _enrolment(command: Any) -> Instruct:
    return Instruct(ENROLMENT.category, command.enrolment_id, command)
