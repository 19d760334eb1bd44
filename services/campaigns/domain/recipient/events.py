"""What campaigns learns of a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from shared.values import Code, Id, Length, Secret

NameKind = Literal["given_name", "family_name", "name"]
Blocked = Literal["bounced", "complaint"]
Ids = Annotated[tuple[Id, ...], Length(0, 1_000)]


@dataclass(frozen=True, slots=True)
class RecipientAddressLearned:
    """The person has an e-mail address; the one learned last is written to."""

    contact_id: Id
    ref: Id
    address: Secret


@dataclass(frozen=True, slots=True)
class RecipientAddressForgotten:
    """The address is not written to any more."""

    contact_id: Id
    ref: Id


@dataclass(frozen=True, slots=True)
class RecipientNameLearned:
    """How the person is called, for the greeting."""

    contact_id: Id
    kind: NameKind
    text: Secret


@dataclass(frozen=True, slots=True)
class RecipientConsentNoted:
    """The person allowed or forbade something; `consent_event_id` is the proof in the log of contacts.

    `enrolments` are all journeys the person has entered: a withdrawal ends those it covers.
    """

    contact_id: Id
    purpose: Code
    channel: Code
    granted: bool
    consent_event_id: Id
    stated_at: datetime
    noted_at: datetime
    expires_at: datetime | None = None
    enrolments: Ids = ()


@dataclass(frozen=True, slots=True)
class RecipientBlocked:
    """Nothing is sent to the address any more: it bounced, or the person complained."""

    contact_id: Id
    reason: Blocked


@dataclass(frozen=True, slots=True)
class RecipientCleared:
    """The block is lifted: the address is good again."""

    contact_id: Id


@dataclass(frozen=True, slots=True)
class RecipientMerged:
    """`other_id` is the same person; `absorbed` tells which of the two goes on under the other's id."""

    contact_id: Id
    other_id: Id
    absorbed: bool
    undone: bool = False


@dataclass(frozen=True, slots=True)
class RecipientEnrolled:
    """The person is in a journey."""

    contact_id: Id
    enrolment_id: Id


@dataclass(frozen=True, slots=True)
class RecipientErased:
    """The person is forgotten."""

    contact_id: Id
    enrolments: Ids = ()


EVENTS: tuple[type, ...] = (
    RecipientAddressLearned,
    RecipientAddressForgotten,
    RecipientNameLearned,
    RecipientConsentNoted,
    RecipientBlocked,
    RecipientCleared,
    RecipientMerged,
    RecipientEnrolled,
    RecipientErased,
)
