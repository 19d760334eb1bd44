"""A recipient as decisions see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

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

ALL = "all"


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of a person about a purpose and a channel; `all` stands for every one."""

    purpose: str
    channel: str
    granted: bool
    consent_event_id: str
    stated_at: datetime
    noted_at: datetime
    expires_at: datetime | None = None

    def covers(self, purpose: str, channel: str) -> bool:
        """Tell whether the statement is about this purpose and channel."""
        return self.purpose in (purpose, ALL) and self.channel in (channel, ALL)

    @property
    def weight(self) -> tuple[datetime, datetime, bool]:
        """What decides between statements: the later one, of equal ones the withdrawal (C-5)."""
        return self.stated_at, self.noted_at, not self.granted


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who may be written to. `address` and `names` are sealed texts."""

    status: Literal["unknown", "known", "erased"] = "unknown"
    address: str | None = None
    ref: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    blocked: str | None = None
    into: str | None = None
    absorbed: frozenset[str] = frozenset()
    enrolments: tuple[str, ...] = ()


def permission(people: Sequence[Recipient], purpose: str, channel: str, at: datetime) -> Entry | None:
    """Return the consent in force for a person known under several ids, or None (M-2, C-5, C-6)."""
    entries = [e for person in people for e in person.entries if e.covers(purpose, channel)]
    last = max(entries, key=lambda e: e.weight, default=None)
    if last is None or not last.granted or (last.expires_at and last.expires_at <= at):
        return None
    return last


def evolve(recipient: Recipient, event: Any) -> Recipient:
    """Return the recipient after the event."""
    return _changed(replace(recipient, status="known"), event)


def _changed(recipient: Recipient, event: Any) -> Recipient:
    match event:
        case RecipientAddressLearned(ref=ref, address=address):
            return replace(recipient, address=address, ref=ref, blocked=None)
        case RecipientAddressForgotten():
            return replace(recipient, address=None, ref=None)
        case RecipientNameLearned(kind=kind, text=text):
            return replace(recipient, names={**recipient.names, kind: text})
        case RecipientConsentNoted():
            return _noted(recipient, event)
        case RecipientBlocked(reason=reason):
            return replace(recipient, blocked=reason)
        case RecipientCleared():
            return replace(recipient, blocked=None)
        case RecipientMerged():
            return _merged(recipient, event)
        case RecipientEnrolled(enrolment_id=enrolment_id):
            return replace(recipient, enrolments=(*recipient.enrolments, enrolment_id)[-1_000:])
        case RecipientErased():
            return Recipient(status="erased")
    return recipient


def _noted(recipient: Recipient, event: RecipientConsentNoted) -> Recipient:
    entry = Entry(
        event.purpose,
        event.channel,
        event.granted,
        event.consent_event_id,
        event.stated_at,
        event.noted_at,
        event.expires_at,
    )
    return replace(recipient, entries=(*recipient.entries, entry))


def _merged(recipient: Recipient, event: RecipientMerged) -> Recipient:
    if event.absorbed:
        return replace(recipient, into=None if event.undone else event.other_id)
    others = {event.other_id}
    return replace(
        recipient, absorbed=recipient.absorbed - others if event.undone else recipient.absorbed | others
    )
