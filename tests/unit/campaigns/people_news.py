"""Events as campaigns hears them of people, and the recipients they make."""

from datetime import datetime
from typing import Any

from services.campaigns.domain.recipient import Recipient, learned, touched
from shared.events import Event, Meta
from shared.events.clock import rfc3339
from shared.testing.controls import moment

OWN = {"MessageBounced", "ComplaintReceived", "UnsubscribeRequested", "ContactEnrolled", "RecipientCleared"}


def news(type_: str, at: datetime | None = None, key: str = "e-1", **said: Any) -> Event:
    """Return an event about the contact `c-1`, unless it says another."""
    service = "support" if "Ticket" in type_ else "campaigns" if type_ in OWN else "contacts"
    when = at or moment()
    data = {"contact_id": "c-1", **said}
    stream = f"contact-{data['contact_id']}"
    meta = Meta("c", "corr", customer=str(data["contact_id"]))
    return Event(key, service, stream, 1, 1, 0, 0, type_, 1, data, when, when, meta)


def linked(ref: str = "c-e1", value: str = "ada@example.com", kind: str = "email", **said: Any) -> Event:
    """An identifier was linked."""
    return news("ContactIdentifierLinked", kind=kind, ref=ref, value=value, **said)


def consent(
    granted: bool, key: str, days: float, channel: str = "email", expires: datetime | None = None, **said: Any
) -> Event:
    """A statement about marketing, made this many days after the first of May."""
    type_, name = ("ConsentGranted", "given_at") if granted else ("ConsentWithdrawn", "withdrawn_at")
    when = rfc3339(moment(days))
    ends = {"expires_at": rfc3339(expires)} if expires else {}
    data = {"purpose": "marketing", "channel": channel, name: when, "recorded_at": when, **ends}
    return news(type_, moment(days), key, **(data | said))


def recipient(*events: Event, key: str = "c-1") -> Recipient:
    """Return what a recipient makes of events."""
    known = Recipient()
    for event in events:
        if key in touched(event):
            known = learned(known, event, key)
    return known
