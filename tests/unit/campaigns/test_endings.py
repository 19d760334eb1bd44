"""What ends for people at once: queued messages and journeys, by what contacts and campaigns tell."""

import pytest

from services.campaigns.domain import DECIDERS
from services.campaigns.domain.enrolment import ContactEnrolled
from services.campaigns.domain.message import MessageQueued
from services.campaigns.domain.recipient.tickets import OpenTicket
from services.campaigns.following import Following
from services.campaigns.mailing.people import RECIPIENTS, People
from services.campaigns.reactions import SEALED
from shared.contracts.payload import to_data
from shared.decide import streams_of
from shared.events import Meta, NewEvent
from shared.events.clock import now
from shared.mail.claims import claim
from shared.privacy import MemoryKeyStore, Vault
from shared.react import Reactor
from shared.store.memory import MemoryStore
from shared.store.port import Append, Expect, append
from shared.testing.controls import moment
from tests.unit.campaigns.people_news import consent, linked, news

YES = consent(True, "e-1", 1)
PAIR = {"survivor_id": "c-2", "absorbed_id": "c-1"}


class Lines:
    """The list of messages as the store in memory holds it."""

    def __init__(self, store):
        self._lines = store.documents["list_message"]

    def page(self, wanted, _after, limit):
        """Return lines with these values."""
        held = sorted(self._lines.items())
        found = [{"id": key, **line} for key, line in held if wanted.items() <= line.items()]
        return found[:limit]


class Nothing:
    """No reaction that looks something up."""

    reactions: dict = {}  # noqa: RUF012 - never changed

    def writes(self, _):
        """Return nothing."""
        return {}


class Desk:
    """Campaigns without a broker: events in, events out."""

    def __init__(self):
        self.store, vault = MemoryStore("campaigns"), Vault(MemoryKeyStore())
        streams = streams_of(self.store, DECIDERS, vault)
        plan = Following(self.store, streams, Lines(self.store), Nothing(), now)
        parts = (self.store, vault, streams, plan.reactions, {}, now)
        self.reactor = Reactor("campaigns", *parts, plan, SEALED)
        self._told = {}

    def hear(self, *events):
        """Hear events, each the next of its log."""
        for event in events:
            last = self._told.get(event.service, 0)
            self.store.documents["reaction_marks"].setdefault(
                f"{event.service}.0", {"_id": f"{event.service}.0", "position": 0}
            )
            placed = type(event)(**{**fields_of(event), "position": last + 1, "previous": last})
            self._told[event.service] = last + 1
            self.reactor.receive(event.service, 0, [placed])

    def queue(self, key="m-1", person="c-1", purpose="marketing"):
        """Let a message wait."""
        queued = MessageQueued(key, "spring", person, "launch", 1, f"k/{key}", "hello", purpose, "email")
        self._append(f"message-{key}", queued, person)
        line = {"_id": key, "waiting_for": person, "customer": person}
        self.store.documents["list_message"][key] = line

    def enrol(self, journey="w", person="c-1"):
        """Let a person be in a journey."""
        key = f"{journey}.{person}"
        enrolled = ContactEnrolled(key, journey, person, 1, 1, "spring", "marketing", ())
        self._append(f"enrolment-{key}", enrolled, person)
        self.hear(news("ContactEnrolled", key=f"n-{key}", contact_id=person, enrolment_id=key))

    def outcome(self):
        """What was appended by reactions: type, id, reason."""
        ended = [e for e in self.store.events if e.type in ("MessageSuppressed", "EnrollmentExited")]
        return [(e.stream, e.data["reason"]) for e in ended]

    def _append(self, stream, payload, person):
        event = NewEvent(
            type(payload).__name__, 1, to_data(payload), moment(), Meta("c", stream, customer=person)
        )
        append(self.store, Append(stream, Expect.ANY, (event,), f"c-{stream}"))


def fields_of(event):
    """Return the fields of an event."""
    return {name: getattr(event, name) for name in type(event).__slots__}


@pytest.fixture
def desk():
    """Somebody who allows marketing, with a message that waits and a journey."""
    desk = Desk()
    desk.hear(linked(), YES)
    desk.queue()
    desk.enrol()
    return desk


def test_m2_a_withdrawal_suppresses_what_is_queued_and_ends_journeys_at_once(desk):
    """C6: not only at their turn; another purpose is not meant."""
    desk.queue("m-2", purpose="service")
    desk.hear(consent(True, "e-2", 1, purpose="service"), consent(False, "e-3", 2))

    assert desk.outcome() == [("enrolment-w.c-1", "consent"), ("message-m-1", "consent")]
    assert desk.store.documents["effects"]["m-1.1"]["note"] == "withheld"


def test_c5_an_older_withdrawal_that_comes_late_ends_nothing(desk):
    """C-5: the newer grant holds."""
    desk.hear(consent(False, "e-0", 0))

    assert desk.outcome() == []


def test_m6_unsubscribing_ends_what_waits(desk):
    """M-6: by the link in another message."""
    scope = {"scope": "all", "purpose": "marketing", "channel": "email"}
    desk.hear(news("UnsubscribeRequested", moment(3), "u-1", **scope))

    assert desk.outcome() == [("enrolment-w.c-1", "consent"), ("message-m-1", "consent")]


def test_an_erasure_ends_everything(desk):
    """Under every id that was known."""
    desk.hear(news("ContactErased", aliases=["c-9"]))

    assert desk.outcome() == [("enrolment-w.c-1", "erased"), ("message-m-1", "erased")]


def test_a_merge_into_somebody_who_withdrew_ends_what_waits(desk):
    """The person is one: what one id forbids holds for all (M-2)."""
    desk.hear(consent(False, "e-9", 5, contact_id="c-2"), news("ContactsMerged", **PAIR))

    assert desk.outcome() == [("enrolment-w.c-1", "consent"), ("message-m-1", "consent")]


def test_a_merge_with_somebody_who_allows_ends_nothing(desk):
    """Nothing is withdrawn."""
    desk.hear(consent(True, "e-9", 5, contact_id="c-2"), news("ContactsMerged", **PAIR))

    assert desk.outcome() == []


def test_m1_a_message_that_is_being_sent_is_left_to_its_sender(desk):
    """M-1: somebody has claimed it, it may have left; the journey ends all the same."""
    claim(desk.store, ["m-1.1"], moment())
    desk.hear(consent(False, "e-3", 2))

    assert desk.outcome() == [("enrolment-w.c-1", "consent")]


def test_open_tickets_are_kept_by_the_ref_that_support_knows(desk):
    """The person is found by any linked identifier; what is over holds nothing up."""
    about = {"contact_id": "c-e1"}  # the ref of the e-mail address
    for type_, ticket in (("TicketOpened", "t-1"), ("TicketOpened", "t-2"), ("TicketEscalated", "t-2")):
        desk.hear(news(type_, ticket_id=ticket, **about))
    people = People(desk.store, Vault(MemoryKeyStore()))
    assert people.find(["c-1"])["c-1"].tickets == (OpenTicket("t-1"), OpenTicket("t-2", escalated=True))

    desk.hear(news("TicketResolved", ticket_id="t-2", **about))
    desk.hear(news("TicketsMerged", survivor_id="t-3", absorbed_id="t-1", **about))
    assert people.find(["c-1"])["c-1"].tickets == ()


def test_what_two_partitions_tell_of_one_person_is_all_kept(desk):
    """A document that has changed since it was read is read anew."""
    known = desk.store.documents[RECIPIENTS]["c-1"]
    fetch, stale = desk.store.fetch, [dict(known)]
    desk.store.documents[RECIPIENTS]["c-1"] = {**known, "revision": 99, "blocked": "bounced"}

    def first_stale(collection, keys):
        return {"c-1": stale.pop()} if collection == RECIPIENTS and stale else fetch(collection, keys)

    desk.store.fetch = first_stale
    desk.hear(linked("c-p", "+49", "phone"))

    after = desk.store.documents[RECIPIENTS]["c-1"]
    assert (after["revision"], after["blocked"], after["refs"]) == (100, "bounced", ["c-e1", "c-p"])
