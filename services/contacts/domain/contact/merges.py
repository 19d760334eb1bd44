"""Events and commands of two contacts that are, or may be, one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from services.contacts.domain.contact.events import Kind
from shared.values import FILLED, Code, Id, Length, Share, Text

Reasons = Annotated[tuple[Code, ...], Length(0, 20)]
Moved = Annotated[tuple[Id, ...], Length(0, 2_000)]


@dataclass(frozen=True, slots=True)
class ContactsMerged:
    """Two contacts are one person; the absorbed id stays an alias. `brings` are its identifiers' refs."""

    survivor_id: Id
    absorbed_id: Id
    rule: Code
    evidence: Id
    brings: dict[str, Kind]
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class ContactAbsorbed:
    """This contact goes on as an alias of another."""

    contact_id: Id
    into: Id


@dataclass(frozen=True, slots=True)
class ContactsUnmerged:
    """The merge was wrong: the absorbed contact stands for itself again.

    What was recorded since about the survivor stays with it, except for the moved events (C-3).
    """

    survivor_id: Id
    absorbed_id: Id
    reason: Text
    moved_event_ids: Moved = ()


@dataclass(frozen=True, slots=True)
class ContactRestored:
    """This contact is no longer an alias."""

    contact_id: Id
    from_id: Id


@dataclass(frozen=True, slots=True)
class DuplicateSuspected:
    """Another contact may be the same person: somebody should look.

    A machine that compared them says how likely it is, from 0 to 1, and which fields speak for it.
    """

    contact_id: Id
    other_id: Id
    rule: Code
    evidence: Id
    score: Share | None = None
    reasons: Reasons = ()


@dataclass(frozen=True, slots=True)
class DuplicateDismissed:
    """Somebody looked: the other contact is another person."""

    contact_id: Id
    other_id: Id
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Declare another contact to be the same person."""

    contact_id: Id
    absorbed_id: Id
    brings: Mapping[str, str]
    rule: Code = "by hand"
    evidence: Id = "by hand"
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Absorb:
    """The other half of Merge, for the absorbed contact."""

    contact_id: Id
    into: Id


@dataclass(frozen=True, slots=True)
class Unmerge:
    """Withdraw a merge; the moved events go with the contact that is restored."""

    contact_id: Id
    absorbed_id: Id
    reason: Text
    moved_event_ids: Moved = ()


@dataclass(frozen=True, slots=True)
class Restore:
    """The other half of Unmerge, for the contact that was absorbed."""

    contact_id: Id
    from_id: Id


@dataclass(frozen=True, slots=True)
class Suspect:
    """Note that another contact may be the same person."""

    contact_id: Id
    other_id: Id
    rule: Code = "by hand"
    evidence: Id = "by hand"
    score: str | None = field(default=None, metadata=FILLED)
    reasons: tuple[str, ...] = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class DismissDuplicate:
    """Say that the suspected contact is another person."""

    contact_id: Id
    other_id: Id
    reason: Text | None = None
