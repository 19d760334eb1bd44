"""What metrics keep of the front office: contacts with customers, consents, referrals."""

from typing import Any

from services.analytics.views.facts import Data, Kind, only
from shared.events import Event

# Looked at, not spoken with: far too many for a document each, and counted by the customer view.
VISITS = frozenset({"page_view", "screen_view", "identification"})


def spoken(event: Event) -> str | None:
    """Return the document of an interaction in which somebody spoke or wrote."""
    return None if event.data.get("kind") in VISITS else event.stream


INTERACTION = Kind(
    "interaction",
    1,
    {"InteractionRecorded": only("kind", "direction", "handler", "duration_s", "outcome", "regarding")},
    key=spoken,
)


def ledger(event: Event) -> str:
    """Return the document of a contact's consents."""
    return f"{event.stream}|consents"


CONSENT = Kind(
    "consent",
    1,
    {
        "ConsentGranted": only("purpose", "channel", "legal_basis", "text_version", "evidence", "expires_at"),
        "ConsentWithdrawn": only("purpose", "channel", "via"),
    },
    key=ledger,
)

REFERRAL = Kind(
    "referral",
    1,
    {"ReferralRecorded": only("contact_id", "referrer_id", "program", "referred_at")},
    lambda fact: ("referral", f"customer:{fact.data['referrer_id']}"),
    key=lambda event: f"{event.stream}|referral",
)


def learned(data: Data) -> dict[str, Any]:
    """Return which attribute was learned and whether it has a value; the value itself is not kept."""
    return {"field": data["field"], "filled": bool(data.get("to"))}


CONTACT = Kind(
    "contact",
    1,
    {
        "ContactRegistered": only("kind", "source"),
        "ContactIdentified": only(),
        "ProfileAttributeChanged": learned,
        "ProfileAttributeExpired": learned,
        "ContactAbsorbed": only(),
        "ContactRestored": only(),
        "ContactArchived": only(),
        "ContactUnarchived": only(),
        "ContactErased": only(),
    },
    lambda _: ("contact",),
)

IMPORT = Kind(
    "import",
    1,
    {
        "ImportStarted": only("mapping"),
        "ImportApplied": only("created", "changed", "unchanged", "rejected"),
    },
)

CONTACT_KINDS = (INTERACTION, CONSENT, REFERRAL, CONTACT, IMPORT)
