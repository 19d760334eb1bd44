"""Tickets replayed: the same policy gives the same clocks, another one what it would have given."""

from types import SimpleNamespace

import pytest

from services.support.domain.calendar import CALENDAR, PublishCalendar
from services.support.domain.terms import Target, Terms
from services.support.domain.ticket import (
    TICKET,
    ApplyPolicy,
    ChangePriority,
    HoldTicket,
    OpenTicket,
    ReceiveMessage,
    ResolveTicket,
    ResumeTicket,
    SendReply,
)
from services.support.domain.vocabularies import VOCABULARY
from services.support.replaying import Replayed, compared, outcomes, replayed
from services.support.what_if import WhatIf
from shared.decide import Context, streams_of
from shared.errors import Invalid
from shared.privacy import MemoryKeyStore, Vault
from shared.store.memory import MemoryStore
from shared.testing.controls import meta
from shared.testing.lines import Lines
from tests.unit.support.sla import HOUR, HOURS, Story, london, promised


def told(*commands, at=None):
    """Return a ticket's events with their moments, and the story."""
    begun = at or london(1, 10)
    story = Story(begun)
    history = [(event, begun) for event in story.events]
    for command in commands:
        history += [(event, command.at) for event in story.do(command)]
    return history, story


LIFE = (
    SendReply("T1", "Which address?", at=london(1, 10, 30)),
    HoldTicket("T1", "customer", at=london(1, 11)),
    ResumeTicket("T1", at=london(4, 12)),
    ReceiveMessage("T1", "Here it is", at=london(4, 12, 30)),
    ChangePriority("T1", "urgent", at=london(4, 13)),
    SendReply("T1", "Thank you", at=london(4, 16)),
    ResolveTicket("T1", "redelivered", at=london(5, 16)),
    ReceiveMessage("T1", "It is broken", at=london(6, 9)),
    SendReply("T1", "Sorry", at=london(6, 9, 30)),
)


def test_the_policy_that_was_in_force_gives_what_happened():
    """Replaying a ticket against its own policy gives every event of its clocks again."""
    history, story = told(*LIFE)
    clocks = replayed(history, promised(), london(6, 9, 30))
    assert outcomes(clocks) == outcomes(story.events)
    named = [(type(e).__name__, e.kind, e.cycle) for e in clocks if hasattr(e, "kind")]
    assert named == [
        (type(e).__name__, e.kind, e.cycle) for e, _ in history if hasattr(e, "cycle") and hasattr(e, "kind")
    ]


def test_stricter_terms_would_have_been_missed():
    """A first answer after half an hour keeps one hour, not a quarter; the ticket is named."""
    history, _ = told(*LIFE[:1])
    strict = promised(Terms((Target("normal", "first_response", HOUR // 4),)))
    sums = Replayed()
    sums.add("T1", history, strict, london(1, 12))
    clock = sums.told()["clocks"]["first_response"]
    assert (clock["actual"]["compliance"], clock["proposed"]["compliance"]) == (1.0, 0.0)
    assert sums.told()["changed"] == {"count": 1, "tickets": ["T1"]}
    assert sums.told()["clocks"]["resolution"]["proposed"]["compliance"] is None


def test_what_is_overdue_at_the_end_counts_as_breached():
    """A clock that runs and is overdue is a breach; one that may still be kept is neither."""
    history, _ = told()
    late = outcomes(replayed(history, promised(), london(1, 12)))
    assert (late["first_response", "breached"], late["resolution", "running"]) == (1, 1)


def test_waiting_pauses_by_the_proposed_terms():
    """T-1: waiting on others pauses where the proposed policy says so, and only there."""
    life = (
        HoldTicket("T1", "third_party", at=london(1, 11)),
        ResolveTicket("T1", "repaired", at=london(4, 16)),
    )
    history, _ = told(SendReply("T1", "We ask them", at=london(1, 10, 30)), *life)
    target = (Target("normal", "resolution", 2 * HOUR),)
    running, paused = (
        outcomes(replayed(history, promised(Terms(target, pause)), london(5, 9)))
        for pause in ((), ("third_party",))
    )
    assert (running["resolution", "breached"], paused["resolution", "met"]) == (1, 1)


def test_more_tickets_than_can_be_answered_are_refused():
    """Two of at most two are compared, whatever lies outside the window; after a third nothing is read."""
    inside, outside = told()[0], told(at=london(4, 10))[0]
    window = (london(1, 9), london(1, 11))
    some = [("T1", inside), ("T2", outside), ("T3", inside)]
    assert compared(some, window, promised(), london(1, 12), most=2).tickets == 2
    endless = iter([*some, ("T4", inside), ("T5", inside)])
    with pytest.raises(Invalid, match="opened_to: more than 2 tickets"):
        compared(endless, window, promised(), london(1, 12), most=2)
    assert [key for key, _ in endless] == ["T5"]


class Reading(MemoryStore):
    """A log that notes which streams are read."""

    def __init__(self):
        super().__init__("support")
        self.read = []

    def read_streams(self, streams):
        """Return the events of several streams."""
        self.read += streams
        return super().read_streams(streams)


def test_tickets_of_the_window_alone_are_read():
    """The answer is that of replaying all tickets there ever were; what happened later opens none anew."""
    store = Reading()
    streams = streams_of(store, [TICKET, VOCABULARY, CALENDAR], Vault(MemoryKeyStore()))

    def do(category, key, command, at):
        streams[category].handle(key, command, Context(at, meta(command_id=f"{key} {type(command)} {at}")))

    do("calendar", "uk", PublishCalendar("uk", HOURS.zone, HOURS.blocks), london(1, 8))
    for day in (1, 4, 5, 6):
        key, at = f"T{day}", london(day, 10)
        do("ticket", key, OpenTicket(key, "Where is it?", at=at), at)
        do("ticket", key, ApplyPolicy(key, promised(), at=at), at)
    do("ticket", "T1", SendReply("T1", "Here", at=london(5, 10)), london(5, 10))
    window = (london(4, 10), london(6, 10))
    store.read.clear()

    what_if = WhatIf(streams["ticket"], streams["calendar"], Lines(store, "ticket"), lambda: london(7, 10))
    terms = {"targets": [{"priority": "normal", "kind": "first_response", "seconds": HOUR}]}
    asked = {"calendar_id": "uk", "terms": terms, "opened_from": window[0], "opened_to": window[1]}
    found = what_if.sla(SimpleNamespace(body=asked))
    assert found["tickets"] == 2
    assert [name for name in store.read if name.startswith("ticket-")] == [
        "ticket-T4",
        "ticket-T5",
        "ticket-T6",
    ]
