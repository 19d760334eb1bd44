"""Standings over a real database: differences once, through merges, restarts, rebuilds and the hours."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.analytics.segments.calibrating import Calibrating
from services.analytics.segments.following import Following
from services.analytics.segments.jobs import Jobs
from services.analytics.segments.standings import Standings
from shared.project.intake import Intake
from shared.telemetry.metrics import REGISTRY
from tests.company import BEGIN, OpenLog
from tests.integration.analytics.test_api import ADMIN, Desk

pytestmark = pytest.mark.integration
RECENT = {"fact": "behaviour.orders", "is": "at_least", "value": 1, "within_days": 30}
TWICE = {"fact": "behaviour.orders", "is": "at_least", "value": 2}


class Office:
    """Analytics in this process with a clock of its own; every restart forgets what was in memory."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.app, self.company = desk, desk.app, desk.company
        self.now = BEGIN + timedelta(days=100)
        self.restart()

    def restart(self) -> None:
        """Follow as a process does that has just started."""
        app, clock = self.app, lambda: self.now
        standings = Standings(app.store, app.inforce, app.vault, clock)
        jobs, leadership = Jobs(app.database, app.views, clock), app.leadership(f"standings-{id(clock)}")
        calibrating = Calibrating(app.views, app.streams["scale"], app.inforce, clock)
        self.following = Following(
            app.store, app.journal, app.folds, standings, jobs, calibrating, app.inforce, leadership, clock
        )

    def define(self, key: str, rule: dict[str, Any]) -> None:
        """Let campaigns define a segment."""
        data = {"segment_id": key, "name": key, "version": 1, "rule": rule}
        self.company.write("campaigns", "SegmentDefined", f"segment-{key}", at=BEGIN, **data)

    def order(self, ref: str, days: float, amount: int = 1_000) -> None:
        """Let a customer order."""
        number = f"{ref}-{days}"
        data = {
            "order_id": number,
            "order_no": number,
            "lines": [],
            "total": {"amount": amount, "currency": "GBP"},
        }
        self.company.write(
            "sales", "OrderPlaced", f"order-{number}", ref, at=BEGIN + timedelta(days=days), **data
        )

    def engagement(self, kind: str, ref: str, **data: Any) -> None:
        """Let something become of the message to a customer."""
        said = {"message_id": f"m-{ref}", "campaign_id": "spring", **data}
        self.company.write("campaigns", kind, f"message-{ref}", ref, at=moment(80), said=said)

    def identity(self, kind: str, survivor: str, absorbed: str, at: int) -> None:
        """Merge two contacts, or part them."""
        data = {"survivor_id": survivor, "absorbed_id": absorbed, "rule": "by hand"}
        moment = BEGIN + timedelta(days=90, minutes=at)
        self.company.write("contacts", kind, f"contact-{survivor}", survivor, at=moment, **data)

    def catch_up(self) -> None:
        """Deliver, fold and assess until nothing is left, hearing itself as well."""
        busy = 1
        while busy:
            busy = self.take_in()
            while self.following.step():
                busy += 1

    def take_in(self) -> int:
        """Deliver and fold; return how much there was."""
        logs = {name: OpenLog(log) for name, log in self.company.logs.items()}
        intake = Intake(self.app.journal, {**logs, "analytics": self.app.sources["analytics"]})
        busy = sum(intake.audit(name) for name in (*logs, "analytics"))
        while self.app.folds.step():
            busy += 1
        return busy

    def said(self) -> list[tuple[str, str, str]]:
        """Return what was said of segments: type, customer and segment."""
        events = [e for e in self.app.store.read_log(0, 10_000) if e.type in SEGMENT]
        return [(e.type, e.data["customer"], e.data["segment_id"]) for e in events]

    def members(self, key: str) -> list[str]:
        """Return who belongs to a segment, living and as evaluated in full; they have to agree."""
        parity = self.desk.get(f"/v1/segments/{key}/parity")
        assert parity["equal"], parity
        return self.living(key)

    def living(self, key: str) -> list[str]:
        """Return who belongs to a segment by what was said."""
        return list(self.desk.get(f"/v1/segments/{key}/members")["items"])


SEGMENT = ("SegmentEntered", "SegmentExited")


@pytest.fixture
def office(mongodb_url: str) -> Iterator[Office]:
    """An empty office."""
    desk = Desk(mongodb_url)
    yield Office(desk)
    for name in (desk.app.database.name, desk.app.settings.keys_database):
        desk.app.client.drop_database(name)
    desk.app.close()


def moment(days: float) -> datetime:
    """Return the moment so many days after the beginning."""
    return BEGIN + timedelta(days=days)


def test_entered_once_whatever_is_repeated(office: Office) -> None:
    """A restart that starts again from the beginning of the journal says nothing anew; nor does a rebuild."""
    office.define("twice", TWICE)
    office.order("ada", 1)
    office.catch_up()
    assert office.said() == []
    office.order("ada", 2)
    office.catch_up()
    assert office.said() == [("SegmentEntered", "ada", "twice")]
    office.app.database["assessing"].delete_many({})
    office.restart()
    office.app.folds.lives["traits"].rebuild.begin()
    office.app.rebuild()
    office.catch_up()
    assert office.said() == [("SegmentEntered", "ada", "twice")]
    assert office.members("twice") == ["ada"]
    assert office.desk.get("/v1/segments")["items"][0]["size"] == 1


def test_parity_is_watched_and_a_difference_mended(office: Office) -> None:
    """An order that assessing has passed over is found, shown as a metric, and made good by a walk."""
    office.define("twice", TWICE)
    office.order("ada", 1)
    office.catch_up()
    office.order("ada", 2)
    office.take_in()
    head = office.app.journal.head()
    office.app.database["assessing"].update_one({"_id": "journal"}, {"$set": {"position": head}})
    office.restart()
    assert differences() is None
    office.app.parity.watch()
    assert differences() == 1
    office.catch_up()
    assert office.members("twice") == ["ada"]
    office.app.parity.watch()
    assert differences() == 0


def differences() -> float | None:
    """Return what the metric says of the segment."""
    return REGISTRY.get_sample_value("rapport_segment_differences", {"segment": "twice"})


def test_a_merge_is_told_only_where_it_changes_something(office: Office) -> None:
    """Two in a segment are one in it; two halves make a whole; parted, both are where they were."""
    office.define("twice", TWICE)
    for ref, days in (("ada", (1, 2)), ("eve", (3, 4)), ("bob", (5,)), ("cid", (6,))):
        for day in days:
            office.order(ref, day)
    office.catch_up()
    assert office.members("twice") == ["ada", "eve"]
    before = office.said()

    office.identity("ContactsMerged", "ada", "eve", at=1)
    office.catch_up()
    assert office.members("twice") == ["ada"]
    assert office.said() == before
    office.identity("ContactsMerged", "bob", "cid", at=2)
    office.catch_up()
    assert office.said() == [*before, ("SegmentEntered", "bob", "twice")]
    assert office.members("twice") == ["ada", "bob"]

    office.identity("ContactsUnmerged", "ada", "eve", at=3)
    office.identity("ContactsUnmerged", "bob", "cid", at=4)
    office.catch_up()
    assert office.members("twice") == ["ada", "eve"]
    assert office.said() == [*before, ("SegmentEntered", "bob", "twice"), ("SegmentExited", "bob", "twice")]
    standing = office.desk.get("/v1/customers/eve")["customer"]["standing"]
    assert list(standing["segments"]) == ["twice"]


def test_m_5_a_click_judged_a_machines_lets_its_customer_exit_and_given_back_enter(office: Office) -> None:
    """Of two customers who are one as well: the judgement is heard by whoever they go on as."""
    office.define("clickers", {"fact": "behaviour.campaign_clicks", "is": "at_least", "value": 1})
    office.engagement("LinkClicked", "eve", engagement_id="click-1", automated=False)
    office.order("ada", 1)
    office.catch_up()
    assert office.members("clickers") == ["eve"]
    office.identity("ContactsMerged", "ada", "eve", at=1)
    office.catch_up()
    assert office.members("clickers") == ["ada"]
    office.engagement("EngagementReclassified", "eve", engagement_ids=["click-1"], automated=True)
    office.catch_up()
    assert office.members("clickers") == []
    assert office.said()[-1] == ("SegmentExited", "ada", "clickers")
    office.engagement("EngagementReclassified", "eve", engagement_ids=["click-1"], automated=False)
    office.catch_up()
    assert office.members("clickers") == ["ada"]


def test_time_alone_ends_a_membership_and_a_service_that_was_away_catches_up(office: Office) -> None:
    """Nobody does anything: on the day the window is left, the customer is out; a year later, lapsed."""
    office.define("recent", RECENT)
    office.order("ada", 90)
    office.catch_up()
    assert office.living("recent") == ["ada"]
    office.now = moment(119.9)
    office.restart()
    office.catch_up()
    assert office.living("recent") == ["ada"]
    office.now = moment(200)
    office.restart()
    office.catch_up()
    assert office.living("recent") == []
    assert [kind for kind, _, _ in office.said()] == ["SegmentEntered", "SegmentExited"]
    office.now = moment(90 + 400)
    office.restart()
    office.catch_up()
    stages = office.desk.get("/v1/customers/ada")["customer"]["standing"]["stages"]
    assert set(stages) == {"customer", "lapsed"}


def test_membership_as_of_any_day_is_folded_from_the_journal(office: Office) -> None:
    """What had happened by then, whatever is known and defined since."""
    office.define("twice", TWICE)
    for ref, days in (("ada", (1, 2)), ("eve", (3, 40))):
        for day in days:
            office.order(ref, day)
    office.catch_up()
    path = "/v1/segments/twice/members"
    assert office.members("twice") == ["ada", "eve"]
    then = office.desk.get(path, as_of=moment(10).isoformat(), limit="1")
    assert (then["items"], then["next_cursor"], then["segment_version"]) == (["ada"], None, 1)
    assert office.desk.get(path, as_of=moment(1.5).isoformat())["items"] == []
    first = office.desk.get(path, as_of=moment(50).isoformat(), limit="1")
    rest = office.desk.get(path, as_of=moment(50).isoformat(), cursor=first["next_cursor"])
    assert [*first["items"], *rest["items"]] == ["ada", "eve"]
    assert office.desk.ask(path, version="7").status_code == 404
    assert office.desk.ask("/v1/segments/nobody/members").status_code == 404


def test_a_new_rating_judges_everybody_anew_and_what_was_said_stays(office: Office) -> None:
    """Published through the API: others are top, lapsed and at risk, and each fact names what judged it."""
    office.define("gone", {"fact": "behaviour.lifecycle_stage", "is": "equal", "value": "lapsed"})
    for number in range(1, 21):
        office.order(f"c{number:02}", 60, amount=number * 1_000)
    for day in (20, 40):
        office.order("c01", day, amount=0)
    office.catch_up()
    path = "/v1/ratings/standing"
    rating = office.desk.get(path)
    assert (rating["version"], rating["state"]["version"]) == (0, 1)
    limits = {**rating["state"]["limits"], "tier_shares": [50, 80, 90], "lapsed_after_days": 30}

    assert wrong(office, path, {**limits, "tier_shares": [50, 90, 80]}) == ["/limits/tier_shares"]
    assert wrong(office, path, {**limits, "raised_at": "2"}) == ["/limits/raised_at"]
    assert wrong(office, "/v1/ratings/other", limits) == ["/id"]
    assert wrong(office, path, {**limits, "raised_at": "0.5"}) == []
    office.catch_up()

    assert office.desk.get(path)["state"]["version"] == 2
    assert [e["data"]["version"] for e in office.desk.get(f"{path}/events")["events"]] == [2]
    top = [each["id"] for each in office.desk.get("/v1/standings", tier="top")["items"]]
    assert top == ["c19", "c20"]
    assert len(office.members("gone")) == 20
    assert told(office, "c19") == [
        ("LifecycleStageChanged", "stage-1"),
        ("CustomerValueTierChanged", "value-1"),
        ("LifecycleStageChanged", "stage-2"),
        ("CustomerValueTierChanged", "value-2"),
    ]
    assert ("ChurnRiskRaised", "gap-2") in told(office, "c01")
    then = office.desk.get("/v1/segments/gone/members", as_of=moment(100).isoformat())
    assert then["items"] == []


def test_a_churn_model_that_was_fitted_judges_everybody_anew(office: Office) -> None:
    """Silent for less than three gaps, but gone by the model; each fact names what judged it, once."""
    for day in (58, 68, 78):
        office.order("ada", day)
    office.catch_up()
    assert told(office, "ada") == [("LifecycleStageChanged", "stage-1")]
    office.app.fitted.add("churn", {"parameters": {"r": 2.0, "alpha": 1.0, "a": 2.0, "b": 1.0}})
    office.catch_up()
    office.restart()
    office.catch_up()
    assert told(office, "ada")[1:] == [("ChurnRiskRaised", "churn/1 rating/1")]
    (job,) = [j for j in office.app.jobs.all() if j["reason"] == "ModelFitted"]
    assert (job["model"], job["state"], job["assessed"]) == ("churn/1", "done", 1)


def wrong(office: Office, path: str, limits: dict[str, Any]) -> list[str]:
    """Publish limits; return the fields that were refused."""
    answer = office.desk.web.post(f"{path}/publish", json={"limits": limits}, headers=ADMIN)
    assert answer.status_code in (200, 422), answer.json
    return [error["pointer"] for error in answer.json.get("errors", ())]


def told(office: Office, ref: str) -> list[tuple[str, str]]:
    """Return what was said of a customer, each with the model that judged it."""
    events = office.app.store.read_stream(f"standing-{ref}")
    return [(e.type, e.data["model_version"]) for e in events if "model_version" in e.data]


def test_the_top_tier_is_the_list_worked_out_by_hand(office: Office) -> None:
    """Of twenty buyers the one above the 95th percentile is top, those above the 80th are high."""
    for number in range(1, 21):
        office.order(f"c{number:02}", number, amount=number * 1_000)
    office.catch_up()
    tiers = {"top": [20], "high": [17, 18, 19], "middle": [*range(11, 17)], "low": [*range(1, 11)]}
    for tier, numbers in tiers.items():
        items = office.desk.get("/v1/standings", tier=tier)["items"]
        assert [each["id"] for each in items] == [f"c{number:02}" for number in numbers], tier
    assert len(office.app.store.read_stream("scale-value")) == 1
    office.order("c01", 30, amount=100_000)
    office.catch_up()
    (told,) = [e for e in office.app.store.read_stream("standing-c01") if e.data.get("to_tier") == "top"]
    assert told.data["from_tier"] == "low"
    assert told.data["model_version"] == "value-1"
