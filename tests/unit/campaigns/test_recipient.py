"""Recipients, and whether a message to them may leave."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.campaigns.domain.campaign import CampaignPlanned, QuietHours, Window
from services.campaigns.domain.message import MessageQueued
from services.campaigns.domain.recipient import (
    RECIPIENT,
    BlockRecipient,
    ClearRecipient,
    EraseRecipient,
    ForgetAddress,
    LearnAddress,
    MergeRecipient,
    NoteConsent,
    NoteEnrolment,
    RecipientAddressForgotten,
    RecipientAddressLearned,
    RecipientBlocked,
    RecipientCleared,
    RecipientConsentNoted,
    RecipientEnrolled,
    RecipientErased,
    RecipientMerged,
    permission,
)
from services.campaigns.domain.sending import quiet_until, verdict
from shared.testing.controls import moment
from shared.testing.given import given

ADDRESS = RecipientAddressLearned("c-1", "c-e1", "sealed")
QUEUED = MessageQueued(
    "m", "spring", "c-1", "launch", 1, "spring/launch/c-1/1", "hello", "marketing", "email"
)
PLAN = CampaignPlanned("spring", "Spring")


def said(granted, event, days, channel="email", noted=None, expires=None):
    """Return a statement made this many days after the first of May."""
    return RecipientConsentNoted(
        "c-1", "marketing", channel, granted, event, moment(days), noted or moment(days), expires
    )


def known(*past):
    """Return a recipient with an address and this past."""
    return given(RECIPIENT, ADDRESS, *past).state()


YES, NO = said(True, "e-1", 1), said(False, "e-2", 2)


def test_an_address_is_learned_and_forgotten():
    """The one learned last is written to; a new one lifts a block."""
    learn = LearnAddress("c-1", "c-e1", "sealed")

    given(RECIPIENT).when(learn).then(ADDRESS)
    given(RECIPIENT, ADDRESS).when(learn).then_nothing()
    given(RECIPIENT, ADDRESS).when(ForgetAddress("c-1", "c-e1")).then(
        RecipientAddressForgotten("c-1", "c-e1")
    )
    given(RECIPIENT, ADDRESS).when(ForgetAddress("c-1", "c-e2")).then_nothing()
    other = RecipientAddressLearned("c-1", "c-e2", "sealed")
    assert known(RecipientBlocked("c-1", "bounced"), other).blocked is None


def test_c5_statements_are_kept_whatever_their_order():
    """C-5: each is noted once; a withdrawal names the journeys the person leaves."""
    note = NoteConsent("c-1", "marketing", "email", False, "e-2", moment(2), moment(2))
    enrolled = RecipientEnrolled("c-1", "j/1")

    given(RECIPIENT, ADDRESS, YES, enrolled).when(note).then(replace(NO, enrolments=("j/1",)))
    given(RECIPIENT, ADDRESS, NO).when(note).then_nothing()
    given(RECIPIENT, enrolled).when(NoteEnrolment("c-1", "j/1")).then_nothing()


@for_all(any_.permutations([YES, NO, said(True, "e-3", 1.5), said(False, "e-4", 0)]))
def test_c5_the_latest_statement_holds(story):
    """C-5: an older grant that arrives late never overrides a newer withdrawal."""
    assert permission([known(*story)], "marketing", "email", moment(9)) is None


def test_c5_a_withdrawal_wins_a_full_tie():
    """C-5: equal moments in every respect."""
    assert permission([known(YES, said(False, "e-9", 1))], "marketing", "email", moment(9)) is None
    assert permission([known(said(False, "e-9", 1), YES)], "marketing", "email", moment(9)) is None


def test_c6_an_expired_consent_is_none_and_all_covers_everything():
    """C-6: it ends at its moment; a withdrawal of everything covers each channel."""
    short = said(True, "e-1", 1, expires=moment(5))

    assert permission([known(short)], "marketing", "email", moment(4)).consent_event_id == "e-1"
    assert permission([known(short)], "marketing", "email", moment(5)) is None
    assert permission([known(YES, said(False, "e-2", 2, "all"))], "marketing", "email", moment(9)) is None
    assert permission([known(YES)], "marketing", "sms", moment(9)) is None
    assert permission([known(YES), known(NO)], "marketing", "email", moment(9)) is None


def test_m2_the_consent_used_is_kept():
    """M-2: a message that may leave names the consent event it relies on."""
    judged = verdict(QUEUED, PLAN, [known(YES)], [], moment(3))

    assert (judged.reason, judged.consent.consent_event_id) == (None, "e-1")


@pytest.mark.parametrize(
    ("people", "plan", "before", "reason"),
    [
        ([known()], PLAN, [], "consent"),
        ([known(YES, NO)], PLAN, [], "consent"),
        ([known(YES, RecipientErased("c-1"))], PLAN, [], "erased"),
        ([known(YES, RecipientBlocked("c-1", "bounced"))], PLAN, [], "bounced"),
        ([given(RECIPIENT, YES).state()], PLAN, [], "no_address"),
        ([known(YES)], replace(PLAN, cap_per_week=1), [moment(2)], "cap"),
        ([known(YES)], replace(PLAN, cap_per_week=1), [moment(-5)], None),
        ([known(YES)], replace(PLAN, quiet_hours=QuietHours("09:00", "11:00")), [], None),
        (
            [known(YES)],
            replace(PLAN, quiet_hours=QuietHours("09:00", "11:00"), window=Window(moment(0), moment(3, 1))),
            [],
            "quiet_hours",
        ),
        ([known(YES)], replace(PLAN, window=Window(moment(0), moment(3))), [], "closed"),
    ],
)
def test_m2_every_reason_is_checked_at_sending(people, plan, before, reason):
    """M-2: consent, erasure, bounces, caps, quiet hours and the window, as they stand at this moment."""
    assert verdict(QUEUED, plan, people, before, moment(3)).reason == reason


def test_quiet_hours_are_on_the_clocks_of_the_person():
    """Nine at night in London is eight in UTC in summer; a person whose zone is known has own clocks."""
    quiet = QuietHours("21:00", "08:00", "Europe/London")
    evening = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)

    assert quiet_until(quiet, evening) == datetime(2026, 7, 2, 7, tzinfo=UTC)
    assert quiet_until(quiet, datetime(2026, 1, 1, 20, 30, tzinfo=UTC)) is None
    assert quiet_until(quiet, evening, "America/New_York") is None
    assert quiet_until(quiet, evening, "Asia/Tokyo") == datetime(2026, 7, 1, 23, tzinfo=UTC)


def test_m2_quiet_hours_make_a_message_wait():
    """It is judged again at their end: by then the consent may be gone, or the cap be reached."""
    plan = replace(PLAN, quiet_hours=QuietHours("09:00", "11:00"), window=Window(moment(0), moment(4)))

    judged = verdict(QUEUED, plan, [known(YES)], [], moment(3))
    assert (judged.reason, judged.quiet_until) == (None, moment(3, 1))
    capped = verdict(QUEUED, replace(plan, cap_per_week=1), [known(YES)], [moment(2)], moment(3))
    assert (capped.reason, capped.quiet_until) == ("cap", None)


CLOCKS = any_.times().map(lambda t: t.strftime("%H:%M"))


@for_all(
    CLOCKS,
    CLOCKS,
    any_.sampled_from(["Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    any_.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=any_.just(UTC)),  # noqa: DTZ001
)
def test_quiet_hours_end_within_a_day_also_when_clocks_are_changed(begins, ends, zone, at):
    """The end is later, at most 25 hours, and outside the quiet hours unless the clocks show it twice."""
    quiet = QuietHours(begins, ends, zone)

    until = quiet_until(quiet, at)

    assert until is None or timedelta() < until - at <= timedelta(hours=25)
    again = until and quiet_until(quiet, until)
    assert again is None or again - until <= timedelta(hours=1)


def test_blocks_and_merges_are_told_once():
    """A block can be lifted, a merge undone."""
    blocked = RecipientBlocked("c-1", "bounced")
    merged = RecipientMerged("c-1", "c-2", absorbed=True)

    given(RECIPIENT, ADDRESS).when(BlockRecipient("c-1", "bounced")).then(blocked)
    given(RECIPIENT, ADDRESS, blocked).when(BlockRecipient("c-1", "complaint")).then_nothing()
    given(RECIPIENT, ADDRESS, blocked).when(ClearRecipient("c-1")).then(RecipientCleared("c-1"))
    state = given(RECIPIENT).when(MergeRecipient("c-1", "c-2", absorbed=True)).then(merged)
    assert state.into == "c-2"
    given(RECIPIENT, merged).when(MergeRecipient("c-1", "c-2", absorbed=True)).then_nothing()
    undone = given(RECIPIENT, merged).when(MergeRecipient("c-1", "c-2", absorbed=True, undone=True)).after()
    assert undone.into is None


def test_an_erased_person_stays_forgotten():
    """Erasure leaves journeys and takes no more news; of a person never heard of nothing is written."""
    erased = RecipientErased("c-1", ("j/1",))

    given(RECIPIENT).when(EraseRecipient("c-1")).then_nothing()
    enrolled = given(RECIPIENT, ADDRESS, RecipientEnrolled("c-1", "j/1"))
    state = enrolled.when(EraseRecipient("c-1")).then(erased)
    assert state.address is None
    given(RECIPIENT, ADDRESS, erased).when(LearnAddress("c-1", "c-e9", "x")).then_nothing()
