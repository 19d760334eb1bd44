"""Policies and calendars: published versions, retired; which one is in force."""

from dataclasses import replace
from datetime import UTC, datetime

from services.support.domain.calendar import CALENDAR, CalendarPublished, PublishCalendar, RetireCalendar
from services.support.domain.policy import (
    SLA_POLICY,
    Conditions,
    Policy,
    PublishPolicy,
    RetirePolicy,
    SlaPolicyPublished,
    SlaPolicyRetired,
    in_force,
)
from services.support.domain.ticket import ClassifyTicket, ContinueTicket, OpenTicket, SlaPolicyApplied
from services.support.policies import promising
from shared.errors import Conflict, Invalid
from shared.hours import Block
from shared.testing.controls import WHEN
from shared.testing.given import given
from tests.unit.support.sla import HOURS, TARGETS, TERMS, promised

POLICY = Policy("standard", 1, "uk", TERMS)
PUBLISH = PublishPolicy("standard", "uk", TERMS)
PUBLISHED = SlaPolicyPublished("standard", POLICY)


def test_a_policy_is_published_in_versions():
    """The same again is no news, other terms are the next version."""
    other = replace(TERMS, on_reopen="restart")

    given(SLA_POLICY).when(PUBLISH).then(PUBLISHED)
    given(SLA_POLICY, PUBLISHED).when(PUBLISH).then_nothing()
    given(SLA_POLICY, PUBLISHED).when(replace(PUBLISH, terms=other)).then(
        SlaPolicyPublished("standard", Policy("standard", 2, "uk", other))
    )


def test_a_retired_policy_stays_retired():
    """It is in force for nothing new, and is not published again."""
    retire = RetirePolicy("standard", WHEN)
    retired = SlaPolicyRetired("standard", WHEN)

    given(SLA_POLICY, PUBLISHED).when(retire).then(retired)
    given(SLA_POLICY, PUBLISHED, retired).when(retire).then_nothing()
    given(SLA_POLICY, PUBLISHED, retired).when(PUBLISH).then_raises(Conflict, "retired")


def test_a_clock_has_one_target_per_priority():
    """Two targets for one clock contradict each other."""
    doubled = replace(TERMS, targets=(*TARGETS, TARGETS[0]))

    given(SLA_POLICY).when(replace(PUBLISH, terms=doubled)).then_raises(Invalid, "twice")


def test_no_term_is_longer_than_ten_years():
    """What nobody will live to see is a slip, and said to be one."""
    eternal = replace(TERMS, targets=(replace(TARGETS[0], seconds=2**53),), reopen_window_s=2**53)
    refused = given(SLA_POLICY).when(replace(PUBLISH, terms=eternal))

    refused.then_raises(Invalid, "/terms/targets/0/seconds: is longer")
    refused.then_raises(Invalid, "/terms/reopen_window_s: is longer")


def test_a_calendar_is_published_in_versions():
    """Its zone has to exist and its blocks have to last."""
    publish = PublishCalendar("uk", "Europe/London", HOURS.blocks)
    published = CalendarPublished("uk", HOURS)

    given(CALENDAR).when(publish).then(published)
    given(CALENDAR, published).when(publish).then_nothing()
    given(CALENDAR).when(replace(publish, zone="Europe/Atlantis")).then_raises(Invalid, "/zone")
    given(CALENDAR).when(replace(publish, zone="../etc/passwd")).then_raises(Invalid, "/zone")
    given(CALENDAR).when(replace(publish, blocks=(Block("mon", "17:00", "09:00"),))).then_raises(
        Invalid, "closes before"
    )
    given(CALENDAR, published).when(RetireCalendar("uk", WHEN), publish).then_raises(Conflict, "retired")


def test_the_most_specific_policy_is_in_force():
    """More conditions win; a policy whose calendar is unknown or that does not fit is none."""
    gold = Policy("gold", 1, "uk", TERMS, Conditions(tiers=("gold",)))
    chat = Policy("chat", 1, "uk", TERMS, Conditions(tiers=("gold",), channels=("chat",)))
    lost = Policy("a-lost", 1, "mars", TERMS)
    known = ([lost, POLICY, gold, chat], [HOURS])

    assert in_force(*known, None, None, "web").policy_id == "standard"
    assert in_force(*known, "gold", None, "web").policy_id == "gold"
    assert in_force(*known, "gold", None, "chat").policy_id == "chat"
    assert in_force([gold], [HOURS], "silver", None, None) is None


def test_t5_opening_and_classifying_apply_the_policy_in_force():
    """T-5: what is promised is recorded with the ticket, and follows its classification."""
    at = datetime(2026, 5, 1, 10, tzinfo=UTC)
    decider = promising(lambda ticket: promised(policy_id=ticket.tier or "standard"), {"c-1": "top"}.get)
    opened = given(decider).when(OpenTicket("T1", "Where is it?", at=at))
    classified = given(decider).when(
        OpenTicket("T1", "Where is it?", at=at), ClassifyTicket("T1", tier="gold", at=at)
    )

    [applied] = [e for e in opened.events if isinstance(e, SlaPolicyApplied)]
    assert applied.policy == promised()
    assert classified.after().policy.policy_id == "gold"
    assert (
        given(promising(lambda _: None, lambda _: None)).when(OpenTicket("T1", "x", at=at)).after().policy
        is None
    )


def test_row_41_a_customer_of_value_has_the_policy_of_the_tier():
    """The ticket has the tier of its customer, unless it says another."""
    at = datetime(2026, 5, 1, 10, tzinfo=UTC)
    decider = promising(lambda ticket: promised(policy_id=ticket.tier or "standard"), {"c-1": "top"}.get)
    follow_up = ContinueTicket("T1", "T0", "Again", customer="c-1", at=at)

    for opening in (OpenTicket("T1", "x", customer="c-1", at=at), follow_up):
        ticket = given(decider).when(opening).after()
        assert (ticket.tier, ticket.policy.policy_id) == ("top", "top")
    told = given(decider).when(OpenTicket("T1", "x", customer="c-1", tier="gold", at=at)).after()
    stranger = given(decider).when(OpenTicket("T1", "x", customer="c-2", at=at)).after()
    assert (told.tier, stranger.tier) == ("gold", None)
