"""Recipient: what campaigns has to know of a person before it writes, learned from contacts' events."""

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
from services.campaigns.domain.recipient.decide import decide
from services.campaigns.domain.recipient.events import (
    EVENTS,
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
from services.campaigns.domain.recipient.state import Entry, Recipient, evolve, permission
from shared.decide.decider import Decider

RECIPIENT = Decider(
    category="recipient",
    service="campaigns",
    initial=Recipient(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={"clear": ClearRecipient},
)

__all__ = [
    "RECIPIENT",
    "BlockRecipient",
    "ClearRecipient",
    "Entry",
    "EraseRecipient",
    "ForgetAddress",
    "LearnAddress",
    "LearnName",
    "MergeRecipient",
    "NoteConsent",
    "NoteEnrolment",
    "Recipient",
    "RecipientAddressForgotten",
    "RecipientAddressLearned",
    "RecipientBlocked",
    "RecipientCleared",
    "RecipientConsentNoted",
    "RecipientEnrolled",
    "RecipientErased",
    "RecipientMerged",
    "RecipientNameLearned",
    "permission",
]
