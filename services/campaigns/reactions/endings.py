"""What ends when a person withdraws, is forgotten, or turns out to be one who did (C6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.campaigns.domain.enrolment import ENROLMENT, ExitEnrollment
from services.campaigns.domain.message import MESSAGE, Message, SuppressMessage
from services.campaigns.domain.message.events import MessageQueued, Reason
from services.campaigns.domain.recipient import Recipient, Whole, permission
from services.campaigns.domain.recipient.state import ALL
from shared.events import Event
from shared.receive.heard import Instruct

ENDING = frozenset({"ConsentWithdrawn", "UnsubscribeRequested", "ContactErased", "ContactsMerged"})
EMAIL = "email"


def about(event: Event) -> str:
    """Return an id of the person whose things may end."""
    return str(event.data["survivor_id" if event.type == "ContactsMerged" else "contact_id"])


def exits(event: Event, whole: Whole) -> list[Instruct]:
    """A person who is forgotten is in no journey; one who has withdrawn in none that this covers."""
    keys = list(dict.fromkeys(key for person in whole.people for key in person.enrolments))
    if any(person.status == "erased" for person in whole.people):
        return [_exit(key, "erased", None) for key in keys]
    lost = _lost(event, whole.people)
    return [_exit(key, "consent", purpose) for purpose in lost for key in keys]


def suppressions(whole: Whole, waiting: Iterable[Message], at: datetime) -> list[Instruct]:
    """What is queued for the person and may not be sent any more is suppressed at once."""
    queued = [message.queued for message in waiting if message.queued]
    return [_suppress(one, reason) for one in queued if (reason := _why(one, whole.people, at))]


def _why(queued: MessageQueued, people: Sequence[Recipient], at: datetime) -> Reason | None:
    if any(person.status == "erased" for person in people):
        return "erased"
    return None if permission(people, queued.purpose, queued.channel, at) else "consent"


def _lost(event: Event, people: Sequence[Recipient]) -> list[str]:
    """Return the purposes withdrawn by now; an older withdrawal that comes late ends nothing (C-5)."""
    merged, at = event.type == "ContactsMerged", event.recorded_at
    withdrawn = [e for person in people for e in person.entries if not e.granted]
    meant = [e for e in withdrawn if e.consent_event_id == event.id or (merged and e.channel in (EMAIL, ALL))]
    return sorted({e.purpose for e in meant if permission(people, e.purpose, e.channel, at) is None})


def _exit(key: str, reason: str, purpose: str | None) -> Instruct:
    return Instruct(ENROLMENT.category, key, ExitEnrollment(key, reason, purpose))


def _suppress(queued: MessageQueued, reason: Reason) -> Instruct:
    key = queued.message_id
    return Instruct(MESSAGE.category, key, SuppressMessage(key, reason))
