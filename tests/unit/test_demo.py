"""The sample company."""

from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.catalogue import CATALOGUE
from shared.demo.history import history
from shared.demo.play import Company, live_events, play_history
from shared.imports.send import Verdict

UNTIL = datetime(2026, 6, 30, tzinfo=UTC)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_every_event_fits_the_catalogue(seed):
    """Whatever the seed, every event but the broken ones on purpose is valid."""
    for report in history(seed, 15, 3, UNTIL):
        if not report.broken:
            CATALOGUE[report.event["type"]].check(report.event["data"])


def test_live_events_fit_the_catalogue(tmp_path):
    """The trickle is valid, too."""
    for event in islice(live_events(Company(tmp_path, 7, 50, 1), Random(1)), 300):
        CATALOGUE[event["type"]].check(event["data"])


def test_the_same_seed_is_the_same_company():
    """The history is a function of its arguments."""
    assert history(7, 20, 2, UNTIL) == history(7, 20, 2, UNTIL)
    assert history(7, 20, 2, UNTIL) != history(8, 20, 2, UNTIL)


def test_the_company_lives_in_every_channel():
    """All channels speak, tills are late, some events come twice, a few are broken."""
    reports = history(7, 400, 6, UNTIL)
    sources = Counter(report.event["source"] for report in reports)
    assert set(sources) == {"web-shop", "mobile-app", "call-centre", "stores", "mail", "chat", "erp", "crm"}
    assert any(r.arrives.hour == 3 and r.event["source"] == "stores" for r in reports)
    assert max(Counter(r.event["id"] for r in reports).values()) == 2
    assert 0 < sum(r.broken for r in reports) < len(reports) / 100
    assert reports == sorted(reports, key=lambda r: r.arrives)


def test_ids_name_one_content_each():
    """A repeated report says the same: nothing of the history is quarantined as a contradiction."""
    seen = {}
    for report in history(7, 100, 3, UNTIL):
        event = report.event
        assert seen.setdefault((event["source"], event["id"]), event) == event


class Counting:
    """A front door that takes everything."""

    def __init__(self):
        self.events = []

    def send(self, events):
        """Take the events."""
        self.events += events
        return [Verdict("accepted") for _ in events]

    def close(self):
        """Nothing to close."""


def test_history_is_played_once(tmp_path):
    """A second call, days later, sends nothing again and keeps the dates."""
    first, second = Counting(), Counting()
    counts = play_history(Company(tmp_path, 7, 20, 2), first, lambda *_: None)
    play_history(Company(tmp_path, 7, 20, 2), second, lambda *_: None)
    assert counts["accepted"] == len(first.events) > 100
    assert second.events == []
