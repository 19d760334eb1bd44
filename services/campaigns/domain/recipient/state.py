"""A recipient: what campaigns has to know of a person before it writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.contracts.payload import from_data, to_data
from shared.values import Code, Id

ALL = "all"
Blocked = Literal["bounced", "complaint"]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal text as contacts sealed it: it opens with the person's key, for this stream and field."""

    text: str
    stream: str
    field: str


@dataclass(frozen=True, slots=True)
class Named:
    """One of a person's names: `given_name`, `family_name` or `name`."""

    kind: Code
    text: Sealed


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
class Preferred:
    """How the person wants it, on a topic."""

    topic: Code
    value: Code


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who may be written to, under one id; `refs` are the identifiers linked to it.

    `into` is the id that goes on in its stead, `absorbed` are those this one goes on for; `zone` is the
    time zone the person has told.
    """

    status: Literal["unknown", "known", "erased"] = "unknown"
    address: Sealed | None = None
    ref: Id | None = None
    names: tuple[Named, ...] = ()
    refs: tuple[Id, ...] = ()
    entries: tuple[Entry, ...] = ()
    blocked: Blocked | None = None
    blocked_at: datetime | None = None
    cleared_at: datetime | None = None
    into: Id | None = None
    absorbed: tuple[Id, ...] = ()
    enrolments: tuple[Id, ...] = ()
    zone: Code | None = None
    preferences: tuple[Preferred, ...] = ()


def permission(people: Sequence[Recipient], purpose: str, channel: str, at: datetime) -> Entry | None:
    """Return the consent in force for a person known under several ids, or None (M-2, C-5, C-6)."""
    entries = [e for person in people for e in person.entries if e.covers(purpose, channel)]
    last = max(entries, key=lambda e: e.weight, default=None)
    if last is None or not last.granted or (last.expires_at and last.expires_at <= at):
        return None
    return last


def to_document(recipient: Recipient) -> dict[str, Any]:
    """Return the stored form; `from_document` is its inverse."""
    data: dict[str, Any] = to_data(recipient)
    return data


def from_document(document: Mapping[str, Any]) -> Recipient:
    """Return the recipient of a stored document."""
    return from_data(Recipient, document)
