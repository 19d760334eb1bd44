"""What a recipient makes of news."""

from dataclasses import fields
from typing import Any

from services.campaigns.domain.recipient.commands import (
    BlockRecipient,
    ClearRecipient,
    EraseRecipient,
    ForgetAddress,
    LearnAddress,
    LearnName,
    MergeRecipient,
    NoteConsent,
    NoteEnrolment,
)
from services.campaigns.domain.recipient.events import (
    RecipientAddressForgotten,
    RecipientAddressLearned,
    RecipientBlocked,
    RecipientCleared,
    RecipientConsentNoted,
    RecipientEnrolled,
    RecipientErased,
    RecipientMerged,
    RecipientNameLearned,
)
from services.campaigns.domain.recipient.state import Recipient


def decide(recipient: Recipient, command: Any) -> list[Any]:
    """Return what is new; an erased person stays forgotten."""
    if recipient.status == "erased":
        return []
    match command:
        case LearnAddress(contact_id, ref, address):
            return [] if recipient.ref == ref else [RecipientAddressLearned(contact_id, ref, address)]
        case ForgetAddress(contact_id, ref):
            return [RecipientAddressForgotten(contact_id, ref)] if recipient.ref == ref else []
        case LearnName(contact_id, kind, text):
            return [RecipientNameLearned(contact_id, kind, text)]
        case NoteConsent():
            return _note(recipient, command)
        case BlockRecipient(contact_id, reason):
            return [] if recipient.blocked else [RecipientBlocked(contact_id, reason)]
        case ClearRecipient(contact_id):
            return [RecipientCleared(contact_id)] if recipient.blocked else []
        case MergeRecipient():
            return _merge(recipient, command)
        case NoteEnrolment(contact_id, enrolment_id):
            known = enrolment_id in recipient.enrolments
            return [] if known else [RecipientEnrolled(contact_id, enrolment_id)]
        case EraseRecipient(contact_id):
            known = recipient.status == "known"
            return [RecipientErased(contact_id, recipient.enrolments)] if known else []
    raise TypeError(f"a recipient does not know {type(command).__name__}")


def _note(recipient: Recipient, command: NoteConsent) -> list[Any]:
    """Every statement is kept; the order they are told in does not matter (C-5)."""
    if any(e.consent_event_id == command.consent_event_id for e in recipient.entries):
        return []
    left = () if command.granted else recipient.enrolments
    said = {f.name: getattr(command, f.name) for f in fields(command)}
    return [RecipientConsentNoted(**said, enrolments=left)]


def _merge(recipient: Recipient, command: MergeRecipient) -> list[Any]:
    there = (
        (recipient.into == command.other_id) if command.absorbed else (command.other_id in recipient.absorbed)
    )
    if there != command.undone:
        return []
    said = (command.contact_id, command.other_id, command.absorbed, command.undone)
    return [RecipientMerged(*said)]
