"""What a recipient makes of events: pure, one function per kind of news."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import available_timezones

from services.campaigns.domain.recipient.state import ALL, Blocked, Entry, Named, Preferred, Recipient, Sealed
from shared.events import Event
from shared.events.clock import parse_rfc3339

NAMES = ("given_name", "family_name", "name")
EMAIL, TIME_ZONE = "email", "time_zone"
MOST = 1_000  # journeys and refs kept of one person


def learned(recipient: Recipient, event: Event, key: str) -> Recipient:
    """Return the recipient `key` after an event that `touched` names it in; an erased one stays forgotten."""
    if recipient.status == "erased":
        return recipient
    after = NEWS[event.type](recipient, event, key)
    return after if after is recipient or after.status == "erased" else replace(after, status="known")


def touched(event: Event) -> Sequence[str]:
    """Return the ids of the recipients an event tells something about."""
    said = event.data
    match event.type:
        case "ContactIdentifierLinked" if said["kind"] != EMAIL and said["ref"] == said["contact_id"]:
            return ()
        case "ContactPointAdded" if said["kind"] != EMAIL:
            return ()
        case "ProfileAttributeChanged" | "ProfileAttributeExpired" if said["field"] not in NAMES:
            return ()
        case "MessageBounced" if said["hardness"] != "hard":
            return ()
        case "ContactsMerged" | "ContactsUnmerged":
            return said["survivor_id"], said["absorbed_id"]
        case "ContactErased":
            return tuple(dict.fromkeys([said["contact_id"], *said["aliases"]]))
    return (str(said["contact_id"]),)


def _linked(recipient: Recipient, event: Event, _: str) -> Recipient:
    """An identifier belongs to a person; an e-mail address is written to."""
    known = recipient
    if event.data["ref"] not in (event.data["contact_id"], *known.refs):
        known = replace(known, refs=(*known.refs, event.data["ref"])[-MOST:])
    return _address(known, event, event.data["ref"]) if event.data["kind"] == EMAIL else known


def _point_added(recipient: Recipient, event: Event, _: str) -> Recipient:
    return _address(recipient, event, event.data["point_id"])


def _address(recipient: Recipient, event: Event, ref: str) -> Recipient:
    """The address learned last is written to; a new one lifts a block."""
    if recipient.ref == ref or event.data["value"] is None:
        return recipient
    address = Sealed(event.data["value"], event.stream, "value")
    return replace(recipient, address=address, ref=ref, blocked=None)


def _gone(recipient: Recipient, event: Event, _: str) -> Recipient:
    """An address was unlinked or removed."""
    ref = event.data.get("point_id") or event.data["ref"]
    known = replace(recipient, refs=tuple(r for r in recipient.refs if r != ref))
    return replace(known, address=None, ref=None) if known.ref == ref else known


def _named(recipient: Recipient, event: Event, _: str) -> Recipient:
    """The name of a person is for the greeting."""
    kind, text = event.data["field"], event.data["to"]
    others = tuple(name for name in recipient.names if name.kind != kind)
    if not text:
        return recipient
    return replace(recipient, names=(*others, Named(kind, Sealed(text, event.stream, "to"))))


def _expired(recipient: Recipient, event: Event, _: str) -> Recipient:
    """A name was kept as long as it may be: the greeting does without it."""
    kept = tuple(name for name in recipient.names if name.kind != event.data["field"])
    return recipient if kept == recipient.names else replace(recipient, names=kept)


def _preferred(recipient: Recipient, event: Event, _: str) -> Recipient:
    """What a person wants steers the content, and their zone the quiet hours: no zone leaves none known."""
    topic, value = event.data["topic"], event.data["value"]
    others = tuple(p for p in recipient.preferences if p.topic != topic)
    known = replace(recipient, preferences=(*others, Preferred(topic, value))[-MOST:])
    if topic != TIME_ZONE:
        return known
    return replace(known, zone=value if value in available_timezones() else None)


def _granted(recipient: Recipient, event: Event, _: str) -> Recipient:
    expires = event.data.get("expires_at")
    return _stated(recipient, event, "given_at", granted=True, expires=expires)


def _withdrawn(recipient: Recipient, event: Event, _: str) -> Recipient:
    return _stated(recipient, event, "withdrawn_at", granted=False)


def _stated(
    recipient: Recipient, event: Event, moment: str, *, granted: bool, expires: str | None = None
) -> Recipient:
    said = event.data
    stated, noted = parse_rfc3339(said[moment]), parse_rfc3339(said["recorded_at"])
    ends = parse_rfc3339(expires) if expires else None
    return _noted(recipient, Entry(said["purpose"], said["channel"], granted, event.id, stated, noted, ends))


def _unsubscribed(recipient: Recipient, event: Event, _: str) -> Recipient:
    """It holds here at once; contacts keeps the withdrawal in its ledger."""
    everything = event.data["scope"] == ALL
    purpose, channel = (ALL, ALL) if everything else (event.data["purpose"], event.data["channel"])
    said = Entry(purpose, channel, False, event.id, event.occurred_at, event.recorded_at)
    return _noted(recipient, said)


def _noted(recipient: Recipient, entry: Entry) -> Recipient:
    """Of the statements about one purpose and channel the weightiest is kept, in whatever order they come."""
    same = [e for e in recipient.entries if (e.purpose, e.channel) == (entry.purpose, entry.channel)]
    if any(e.weight >= entry.weight for e in same):
        return recipient
    return replace(recipient, entries=(*(e for e in recipient.entries if e not in same), entry))


def _blocked(reason: Blocked) -> "News":
    def block(recipient: Recipient, event: Event, _: str) -> Recipient:
        """Nothing more goes to them; of a block and its lifting the later one holds."""
        if recipient.cleared_at and recipient.cleared_at >= event.occurred_at:
            return recipient
        return replace(recipient, blocked=recipient.blocked or reason, blocked_at=event.occurred_at)

    return block


def _cleared(recipient: Recipient, event: Event, _: str) -> Recipient:
    at = event.occurred_at
    later = recipient.blocked_at is not None and recipient.blocked_at > at
    return replace(recipient, cleared_at=at, blocked=recipient.blocked if later else None)


def _merged(recipient: Recipient, event: Event, key: str) -> Recipient:
    """Two contacts are one person, or after `ContactsUnmerged` are not."""
    survivor, absorbed = event.data["survivor_id"], event.data["absorbed_id"]
    on = event.type == "ContactsMerged"
    if key == absorbed:
        return replace(recipient, into=survivor if on else None)
    others = tuple(a for a in recipient.absorbed if a != absorbed)
    return replace(recipient, absorbed=(*others, absorbed) if on else others)


def _erased(recipient: Recipient, event: Event, key: str) -> Recipient:
    """The person is forgotten under every id that was known here."""
    if recipient.status != "known" and key != event.data["contact_id"]:
        return recipient
    kept = (recipient.into, recipient.absorbed, recipient.enrolments)
    return Recipient("erased", into=kept[0], absorbed=kept[1], enrolments=kept[2])


def _enrolled(recipient: Recipient, event: Event, _: str) -> Recipient:
    """The recipient knows its journeys, so that a withdrawal finds them."""
    key = event.data["enrolment_id"]
    if key in recipient.enrolments:
        return recipient
    return replace(recipient, enrolments=(*recipient.enrolments, key)[-MOST:])


News = Callable[[Recipient, Event, str], Recipient]
NEWS: dict[str, News] = {
    "ContactIdentifierLinked": _linked,
    "ContactPointAdded": _point_added,
    "ContactIdentifierUnlinked": _gone,
    "ContactPointRemoved": _gone,
    "ProfileAttributeChanged": _named,
    "ProfileAttributeExpired": _expired,
    "PreferenceStated": _preferred,
    "ConsentGranted": _granted,
    "ConsentWithdrawn": _withdrawn,
    "ContactsMerged": _merged,
    "ContactsUnmerged": _merged,
    "ContactErased": _erased,
    "MessageBounced": _blocked("bounced"),
    "ComplaintReceived": _blocked("complaint"),
    "UnsubscribeRequested": _unsubscribed,
    "ContactEnrolled": _enrolled,
    "RecipientCleared": _cleared,
}
