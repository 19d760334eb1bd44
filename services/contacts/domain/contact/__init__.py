"""Contact: one person, by whatever identifiers the channels know them."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contacts.domain.contact import care, consent, events, identity, merges
from services.contacts.domain.contact.commands import (
    AddContactPoint,
    ArchiveContact,
    AssignOwner,
    ChangeProfile,
    MakePrimary,
    NoteExport,
    RecordReferral,
    RemoveContactPoint,
    StatePreference,
    UnarchiveContact,
    UnsharePoint,
    VerifyContactPoint,
)
from services.contacts.domain.contact.consent import GrantConsent, WithdrawConsent
from services.contacts.domain.contact.identity import Discover, Erase, Learned, Link
from services.contacts.domain.contact.merges import (
    Absorb,
    DismissDuplicate,
    Merge,
    Restore,
    Suspect,
    Unmerge,
)
from services.contacts.domain.contact.state import Contact, evolve, timers
from shared.decide.decider import Decider, Elapsed
from shared.decide.facts import Facts
from shared.errors import Conflict, NotFound
from shared.vocabulary import CATEGORY as VOCABULARY

DECIDE: dict[type, Callable[[Contact, Any], list[Any]]] = {
    Discover: identity.discover,
    Merge: identity.merge,
    Absorb: identity.absorb,
    Unmerge: identity.unmerge,
    Restore: identity.restore,
    Suspect: identity.suspect,
    DismissDuplicate: identity.dismiss,
    Erase: identity.erase,
    identity.Undo: identity.undo,
    ChangeProfile: care.change_profile,
    Elapsed: care.elapsed,
    AddContactPoint: care.add_point,
    UnsharePoint: care.unshare_point,
    VerifyContactPoint: care.verify_point,
    MakePrimary: care.make_primary,
    RemoveContactPoint: care.remove_point,
    StatePreference: care.state_preference,
    GrantConsent: lambda contact, command: consent.grant(contact.consents, command),
    WithdrawConsent: lambda contact, command: consent.withdraw(contact.consents, command),
    AssignOwner: care.assign_owner,
    RecordReferral: care.record_referral,
    ArchiveContact: care.archive,
    UnarchiveContact: care.unarchive,
    NoteExport: care.note_export,
}
# Commands of people, who name a contact that is there and stands for itself.
BY_HAND: Mapping[str, type] = {
    "change-profile": ChangeProfile,
    "add-point": AddContactPoint,
    "unshare-point": UnsharePoint,
    "verify-point": VerifyContactPoint,
    "make-primary": MakePrimary,
    "remove-point": RemoveContactPoint,
    "state-preference": StatePreference,
    "grant-consent": GrantConsent,
    "withdraw-consent": WithdrawConsent,
    "assign-owner": AssignOwner,
    "suspect-duplicate": Suspect,
    "dismiss-duplicate": DismissDuplicate,
    "record-referral": RecordReferral,
    "archive": ArchiveContact,
    "unarchive": UnarchiveContact,
}
# What an archived contact still takes: who it is, its consents, and the way back.
ALWAYS = (UnarchiveContact, GrantConsent, WithdrawConsent, DismissDuplicate)


def decide(contact: Contact, command: Any) -> list[Any]:
    """Decide one command; a satisfied one gives no events. Raises Rejected."""
    if contact.status == "erased" and not isinstance(command, Erase | Elapsed):
        raise Conflict("the contact was erased")
    if type(command) in (*BY_HAND.values(), NoteExport):
        _usable(contact, command)
    return DECIDE[type(command)](contact, command)


def _usable(contact: Contact, command: Any) -> None:
    if contact.status == "none":
        raise NotFound(f"there is no contact {command.contact_id}")
    if contact.status == "absorbed":
        raise Conflict(f"the contact is an alias of {contact.into} by now")
    if contact.archived and not isinstance(command, (*ALWAYS, ArchiveContact, Suspect, NoteExport)):
        raise Conflict("the contact is archived")


def summary(contact: Contact) -> Mapping[str, Any] | None:
    """Return the line of a contact that somebody looks after, or should look at."""
    if contact.status in ("absorbed", "erased") or not (
        contact.owner or contact.duplicates or contact.archived
    ):
        return None
    return {
        "status": "archived" if contact.archived else contact.status,
        "owner": contact.owner,
        "duplicates": "open" if contact.duplicates else "none",
        "suspected": sorted(contact.duplicates),
    }


CONTACT: Decider[Contact] = Decider(
    category="contact",
    service="contacts",
    initial=Contact(),
    decide=decide,
    evolve=evolve,
    events=(
        events.ContactRegistered,
        events.ContactIdentifierLinked,
        events.ContactIdentifierUnlinked,
        events.ContactIdentifierUnshared,
        events.ContactIdentified,
        events.ProfileAttributeChanged,
        events.ProfileAttributeExpired,
        merges.ContactsMerged,
        merges.ContactAbsorbed,
        merges.ContactsUnmerged,
        merges.ContactRestored,
        merges.DuplicateSuspected,
        merges.DuplicateDismissed,
        events.ContactPointAdded,
        events.ContactPointVerified,
        events.ContactPointMadePrimary,
        events.ContactPointRemoved,
        events.PreferenceStated,
        consent.ConsentGranted,
        consent.ConsentWithdrawn,
        events.OwnerAssigned,
        events.ReferralRecorded,
        events.ContactArchived,
        events.ContactUnarchived,
        events.SubjectDataExported,
        events.ContactErased,
    ),
    commands=BY_HAND,
    timers=timers,
    summary=summary,
    filters=("owner", "duplicates", "status"),
    facts={
        GrantConsent: Facts(
            "purposes",
            lambda _state, _command: [(VOCABULARY, consent.PURPOSES)],
            lambda found: found[0].codes,
        )
    },
)

__all__ = [
    "CONTACT",
    "Absorb",
    "AddContactPoint",
    "ArchiveContact",
    "AssignOwner",
    "ChangeProfile",
    "Contact",
    "Discover",
    "DismissDuplicate",
    "Erase",
    "GrantConsent",
    "Learned",
    "Link",
    "MakePrimary",
    "Merge",
    "NoteExport",
    "RecordReferral",
    "RemoveContactPoint",
    "Restore",
    "StatePreference",
    "Suspect",
    "UnarchiveContact",
    "Unmerge",
    "VerifyContactPoint",
    "WithdrawConsent",
]
