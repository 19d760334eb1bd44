"""Consent: what the person allowed, per purpose and channel, with its proof (C-5, C-6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.days import ahead
from shared.decide.decider import At
from shared.errors import FieldError, Invalid
from shared.values import FILLED, Code, Id, Text
from shared.vocabulary import admitted

ALL = "all"
PURPOSES = "consent-purpose"  # the vocabulary of purposes, once it is defined
Basis = Literal["consent", "contract", "legitimate_interest", "legal_obligation"]


@dataclass(frozen=True, slots=True)
class ConsentGranted:
    """The person allowed it, in the words of this version; `evidence` tells where the proof is."""

    contact_id: Id
    purpose: Code
    channel: Code
    legal_basis: Basis
    text_version: Code
    evidence: Id
    given_at: datetime
    recorded_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The person no longer allows it; purpose or channel `all` withdraws every one."""

    contact_id: Id
    purpose: Code
    channel: Code
    via: Code
    withdrawn_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class GrantConsent:
    """Record a consent with its proof. `given_at` may lie in the past; now when it is left out."""

    contact_id: Id
    purpose: Code
    channel: Code
    legal_basis: Basis
    text_version: Code
    evidence: Id
    at: datetime
    given_at: datetime | None = None
    expires_at: datetime | None = None
    purposes: tuple[str, ...] | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Record that a consent was withdrawn; `all` stands for every purpose or channel."""

    contact_id: Id
    purpose: Code
    channel: Code
    at: datetime
    via: Code = "staff"
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the consent ledger; none is ever removed."""

    purpose: str
    channel: str
    granted: bool
    occurred_at: datetime
    recorded_at: datetime
    expires_at: datetime | None = None
    legal_basis: str | None = None
    text_version: str | None = None
    evidence: Text | None = None

    def covers(self, purpose: str, channel: str) -> bool:
        """Tell whether the entry speaks of this purpose and channel."""
        return self.purpose in (purpose, ALL) and self.channel in (channel, ALL)


def grant(ledger: tuple[Entry, ...], command: GrantConsent) -> list[Any]:
    """A consent says what for, in which words, and where the proof is (C-6)."""
    admitted(command.purposes, command.purpose, "/purpose")
    given_at = command.given_at or command.at
    wrong = [FieldError(f"/{n}", "needs to be said") for n in NEEDED if not getattr(command, n).strip()]
    wrong += [
        FieldError(f"/{n}", "can not be given for all at once")
        for n in ("purpose", "channel")
        if getattr(command, n) == ALL
    ]
    wrong += ahead("/given_at", given_at, command.at)
    if command.expires_at and command.expires_at <= given_at:
        wrong.append(FieldError("/expires_at", "is not after the consent was given"))
    if wrong:
        raise Invalid(*wrong)
    event = ConsentGranted(
        command.contact_id, command.purpose, command.channel, command.legal_basis, command.text_version,
        command.evidence, given_at, command.at, command.expires_at,
    )  # fmt: skip
    return [] if _known(ledger, entry_of(event)) else [At(event, given_at)]


NEEDED = ("purpose", "channel", "text_version", "evidence")


def withdraw(ledger: tuple[Entry, ...], command: WithdrawConsent) -> list[Any]:
    """A withdrawal is always taken, also without a consent before it."""
    moment = command.withdrawn_at or command.at
    if wrong := ahead("/withdrawn_at", moment, command.at):
        raise Invalid(*wrong)
    event = ConsentWithdrawn(
        command.contact_id, command.purpose, command.channel, command.via, moment, command.at
    )
    return [] if _known(ledger, entry_of(event)) else [At(event, moment)]


def _known(ledger: tuple[Entry, ...], entry: Entry) -> bool:
    """The same statement of the same moment is no news, whenever it is reported."""
    return any(_statement(known) == _statement(entry) for known in ledger)


def _statement(entry: Entry) -> tuple[Any, ...]:
    said = (entry.purpose, entry.channel, entry.granted, entry.occurred_at)
    return (*said, entry.expires_at, entry.legal_basis, entry.text_version, entry.evidence)


def entry_of(event: ConsentGranted | ConsentWithdrawn) -> Entry:
    """Return the line of the ledger that an event adds."""
    if isinstance(event, ConsentWithdrawn):
        return Entry(event.purpose, event.channel, False, event.withdrawn_at, event.recorded_at)
    proof = (event.legal_basis, event.text_version, event.evidence)
    return Entry(
        event.purpose, event.channel, True, event.given_at, event.recorded_at, event.expires_at, *proof
    )


def effective(ledger: Iterable[Entry], purpose: str, channel: str, at: datetime) -> Entry | None:
    """Return the consent in force at a moment, or None (C-5).

    The entry with the latest `occurred_at` counts, then the latest recorded, then the withdrawal. One that
    has expired counts as none.
    """
    said = [e for e in ledger if e.covers(purpose, channel) and e.occurred_at <= at]
    last = max(said, key=lambda e: (e.occurred_at, e.recorded_at, not e.granted), default=None)
    if last is None or not last.granted or (last.expires_at and last.expires_at <= at):
        return None
    return last
