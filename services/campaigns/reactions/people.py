"""What campaigns learns of people: addresses, names, consents, merges, erasure, and what came back."""

from typing import Any

from services.campaigns.domain.recipient import (
    RECIPIENT,
    BlockRecipient,
    EraseRecipient,
    ForgetAddress,
    LearnAddress,
    LearnName,
    MergeRecipient,
    NoteConsent,
    NoteEnrolment,
)
from shared.events import Event
from shared.events.clock import parse_rfc3339
from shared.receive.heard import Instruct

NAMES = ("given_name", "family_name", "name")


def identifier_linked(event: Event) -> list[Instruct]:
    """An e-mail address belongs to a person."""
    said = event.data
    if said["kind"] != "email" or said["value"] is None:
        return []
    return [_person(LearnAddress(said["contact_id"], said["ref"], said["value"]))]


def point_added(event: Event) -> list[Instruct]:
    """A way to reach a person was added."""
    said = event.data
    if said["kind"] != "email" or said["value"] is None:
        return []
    return [_person(LearnAddress(said["contact_id"], said["point_id"], said["value"]))]


def address_gone(event: Event) -> list[Instruct]:
    """An address was unlinked or removed."""
    ref = event.data.get("point_id") or event.data["ref"]
    return [_person(ForgetAddress(event.data["contact_id"], ref))]


def attribute_changed(event: Event) -> list[Instruct]:
    """The name of a person is for the greeting."""
    said = event.data
    if said["field"] not in NAMES or said["to"] is None:
        return []
    return [_person(LearnName(said["contact_id"], said["field"], said["to"]))]


def consent_granted(event: Event) -> list[Instruct]:
    """The person allows something."""
    expires = event.data.get("expires_at")
    return [_consent(event, True, "given_at", parse_rfc3339(expires) if expires else None)]


def consent_withdrawn(event: Event) -> list[Instruct]:
    """The person forbids something: what is queued is suppressed at its turn, journeys are left."""
    return [_consent(event, False, "withdrawn_at")]


def contacts_merged(event: Event) -> list[Instruct]:
    """Two contacts are one person, or after `ContactsUnmerged` are not."""
    survivor, absorbed = event.data["survivor_id"], event.data["absorbed_id"]
    undone = event.type == "ContactsUnmerged"
    return [
        _person(MergeRecipient(survivor, absorbed, absorbed=False, undone=undone)),
        _person(MergeRecipient(absorbed, survivor, absorbed=True, undone=undone)),
    ]


def contact_erased(event: Event) -> list[Instruct]:
    """The person is forgotten under every id."""
    ids = dict.fromkeys([event.data["contact_id"], *event.data["aliases"]])
    return [_person(EraseRecipient(key)) for key in ids]


def message_bounced(event: Event) -> list[Instruct]:
    """Nothing more goes to an address that does not exist."""
    hard = event.data["hardness"] == "hard"
    return [_person(BlockRecipient(event.data["contact_id"], "bounced"))] if hard else []


def complaint_received(event: Event) -> list[Instruct]:
    """Nothing more goes to somebody who complained."""
    return [_person(BlockRecipient(event.data["contact_id"], "complaint"))]


def unsubscribe_requested(event: Event) -> list[Instruct]:
    """It holds here at once; contacts keeps the withdrawal in its ledger."""
    everything = event.data["scope"] == "all"
    purpose = "all" if everything else event.data["purpose"]
    channel = "all" if everything else event.data["channel"]
    moments = (event.occurred_at, event.recorded_at)
    return [_person(NoteConsent(event.data["contact_id"], purpose, channel, False, event.id, *moments))]


def contact_enrolled(event: Event) -> list[Instruct]:
    """The recipient knows its journeys, so that a withdrawal finds them."""
    return [_person(NoteEnrolment(event.data["contact_id"], event.data["enrolment_id"]))]


def _consent(event: Event, granted: bool, moment: str, expires: Any = None) -> Instruct:
    said = event.data
    stated, noted = parse_rfc3339(said[moment]), parse_rfc3339(said["recorded_at"])
    what = (said["contact_id"], said["purpose"], said["channel"], granted, event.id)
    return _person(NoteConsent(*what, stated, noted, expires))


def _person(command: Any) -> Instruct:
    return Instruct(RECIPIENT.category, command.contact_id, command)
