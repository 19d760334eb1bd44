"""What may be told to a recipient; all but `clear` come from events."""

from dataclasses import dataclass
from datetime import datetime

from services.campaigns.domain.recipient.events import Blocked, NameKind
from shared.values import Code, Id, Secret


@dataclass(frozen=True, slots=True)
class LearnAddress:
    """The person has this address."""

    contact_id: Id
    ref: Id
    address: Secret


@dataclass(frozen=True, slots=True)
class ForgetAddress:
    """The address is no longer theirs."""

    contact_id: Id
    ref: Id


@dataclass(frozen=True, slots=True)
class LearnName:
    """The person is called this."""

    contact_id: Id
    kind: NameKind
    text: Secret


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """The person allowed or forbade something."""

    contact_id: Id
    purpose: Code
    channel: Code
    granted: bool
    consent_event_id: Id
    stated_at: datetime
    noted_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BlockRecipient:
    """Send nothing to the person any more."""

    contact_id: Id
    reason: Blocked


@dataclass(frozen=True, slots=True)
class ClearRecipient:
    """Write to the person again: the address is good after all."""

    contact_id: Id


@dataclass(frozen=True, slots=True)
class MergeRecipient:
    """Two contacts are one person, or are not after all."""

    contact_id: Id
    other_id: Id
    absorbed: bool
    undone: bool = False


@dataclass(frozen=True, slots=True)
class NoteEnrolment:
    """The person entered a journey."""

    contact_id: Id
    enrolment_id: Id


@dataclass(frozen=True, slots=True)
class EraseRecipient:
    """Forget the person."""

    contact_id: Id
