"""Reactions that look something up: journeys of a segment, the refs and time zones of a person."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.campaigns.domain import DECIDERS
from services.campaigns.domain.enrolment import ENROLMENT
from services.campaigns.domain.journey import JOURNEY, PublishJourney, RetireJourney
from services.campaigns.domain.journey.steps import Step
from services.campaigns.following import Following
from services.campaigns.looking import Looking
from shared.decide import Context, streams_of
from shared.errors import Invalid
from shared.events import Event, Meta
from shared.privacy import MemoryKeyStore, Vault
from shared.receive.plan import Plan
from shared.store.memory import MemoryStore
from shared.store.port import Commit
from shared.testing.given import given
from tests.people import MemoryPeople

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
WAIT = (Step("pause", "wait", seconds=60),)
PUBLISH = PublishJourney("loyal", "spring", WAIT, enter_on_segment="s-1", exit_on_segment_exit=True)


class Lines:
    """The list of journeys, from the documents that follow the log."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def page(self, wanted: dict[str, Any], _after: str | None, limit: int) -> list[dict[str, Any]]:
        """Return lines."""
        held = self._store.documents["list_journey"].values()
        found = [{"id": d["_id"], **d} for d in held if wanted.items() <= d.items()]
        return found[:limit]


class Nothing:
    """A list without lines."""

    def page(self, *_: Any) -> list[dict[str, Any]]:
        """Return nothing."""
        return []


class Campaigns:
    """Campaigns in memory, hearing events."""

    def __init__(self) -> None:
        self.store = MemoryStore("campaigns")
        vault = Vault(MemoryKeyStore(), lambda: 0.0)
        self.streams: Any = streams_of(self.store, DECIDERS, vault)
        journeys: Any = Lines(self.store)
        self.refs = MemoryPeople(self.store)
        looking, messages = Looking(self.streams, journeys, self.refs), Nothing()
        self.following = Following(self.store, self.streams, messages, looking, lambda: AT)  # type: ignore[arg-type]

    def tell(self, category: str, key: str, command: Any) -> None:
        """Give a command."""
        meta = Meta(f"c{len(self.store.events)}", "x")
        self.streams[category].handle(key, command, Context(AT, meta))

    def hear(self, service: str, type_: str, who: str = "c-1", **data: Any) -> list[str]:
        """React to an event; return the types of what that brought about."""
        meta = Meta("c", "corr", customer=who)
        key = f"e-{type_}-{len(self.store.events)}"
        event = Event(key, service, "s", 1, 1, 0, 0, type_, 1, data, AT, AT, meta)
        (plan,) = self.following([event], True)
        if plan is None:
            return []
        assert isinstance(plan, Plan), plan
        self.store.commit([Commit(tuple(plan.appends), tuple(plan.writes))])
        return [e.type for append in plan.appends for e in append.events]

    def enter(self) -> list[str]:
        """Tell that a customer entered the segment."""
        return self.hear("analytics", "SegmentEntered", customer="c-1", segment_id="s-1", segment_version=1)

    def leave(self) -> list[str]:
        """Tell that a customer left the segment."""
        return self.hear("analytics", "SegmentExited", customer="c-1", segment_id="s-1", segment_version=1)


@pytest.fixture
def campaigns() -> Campaigns:
    """Campaigns with a journey for the segment, one for another, and one for none."""
    made = Campaigns()
    made.tell("journey", "loyal", PUBLISH)
    made.tell("journey", "other", PublishJourney("other", "spring", WAIT, enter_on_segment="s-2"))
    made.tell("journey", "none", PublishJourney("none", "spring", WAIT))
    return made


def test_who_enters_a_segment_begins_its_journeys_and_leaves_them_with_it(campaigns: Campaigns):
    """Only those that name the segment; a second time needs re-entry (M-9)."""
    assert campaigns.enter() == ["ContactEnrolled", "StepReached"]
    assert campaigns.enter() == []
    assert campaigns.leave() == ["EnrollmentExited"]
    assert campaigns.leave() == []
    assert campaigns.enter() == []
    begun = campaigns.streams[ENROLMENT.category].load(["loyal.c-1", "other.c-1", "none.c-1"], fresh=True)
    assert [found.state.status for found in begun.values()] == ["exited", "none", "none"]


def test_a_journey_stays_when_it_does_not_say_that_it_ends_with_the_segment(campaigns: Campaigns):
    """And one that was retired takes nobody, but still lets people go."""
    campaigns.tell("journey", "loyal", PublishJourney("loyal", "spring", WAIT, enter_on_segment="s-1"))
    campaigns.enter()
    assert campaigns.leave() == []

    campaigns.tell("journey", "loyal", PUBLISH)
    campaigns.tell("journey", "loyal", RetireJourney("loyal"))
    assert campaigns.leave() == ["EnrollmentExited"]
    assert campaigns.hear("analytics", "SegmentEntered", customer="c-2", segment_id="s-1") == []


def test_an_exit_needs_an_entrance():
    """A journey that ends with a segment has to begin with it."""
    command = PublishJourney("j", "spring", WAIT, exit_on_segment_exit=True)

    given(JOURNEY).when(command).then_raises(Invalid, "/exit_on_segment_exit")


def test_m7_the_order_of_a_merged_person_brings_all_refs(campaigns: Campaigns):
    """M-7: the code that was given to the other contact holds."""
    from services.campaigns.domain.offer import ActivateOffer, DefineOffer, IssueOffer
    from shared.testing.controls import moment

    offer = DefineOffer("SPRING10", "10 % off", moment(-1), moment(10))
    for command in (offer, ActivateOffer("SPRING10"), IssueOffer("SPRING10", "SPRING10.B", "c-old")):
        campaigns.tell("offer", "SPRING10", command)
    order = {"offer_code": "SPRING10.B", "total": {"amount": 100, "currency": "GBP"}}

    assert "RedemptionRefused" in campaigns.hear("sales", "OrderPlaced", "c-1", order_id="1", **order)
    campaigns.hear("contacts", "ContactsMerged", survivor_id="c-1", absorbed_id="c-old")
    assert "OfferRedeemed" in campaigns.hear("sales", "OrderPlaced", "c-1", order_id="2", **order)


def test_the_refs_of_a_person_follow_what_contacts_tells(campaigns: Campaigns):
    """A merge and its undoing, and an identifier."""
    merge = {"survivor_id": "c-1", "absorbed_id": "c-2"}

    campaigns.hear("contacts", "ContactsMerged", **merge)
    campaigns.hear("contacts", "ContactIdentifierLinked", contact_id="c-1", ref="c-mail", kind="phone")
    assert campaigns.refs.group("c-2") == ["c-1", "c-2", "c-mail"]
    campaigns.hear("contacts", "ContactsUnmerged", **merge)
    assert campaigns.refs.group("c-2") == ["c-2"]


def test_the_time_zone_a_person_tells_is_known_of_the_recipient(campaigns: Campaigns):
    """What is no zone leaves none known, other preferences say nothing of it."""

    def told(topic: str, value: str) -> str | None:
        campaigns.hear("contacts", "PreferenceStated", contact_id="c-2", topic=topic, value=value)
        zone = campaigns.store.documents["recipients"].get("c-2", {}).get("zone")
        return str(zone) if zone else None

    assert told("tea", "Europe/London") is None
    assert told("time_zone", "Asia/Tokyo") == "Asia/Tokyo"
    assert told("time_zone", "Mars/Olympus") is None
    kept = campaigns.store.documents["recipients"]["c-2"]["preferences"]
    assert [(p["topic"], p["value"]) for p in kept] == [
        ("tea", "Europe/London"),
        ("time_zone", "Mars/Olympus"),
    ]
