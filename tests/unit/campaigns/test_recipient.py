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
    ClearRecipient,
    Recipient,
    RecipientCleared,
    from_document,
    permission,
    persons,
    to_document,
    touched,
)
from services.campaigns.domain.recipient.tickets import OpenTicket
from services.campaigns.domain.sending import quiet_until, verdict
from shared.testing.controls import moment
from shared.testing.given import given
from tests.unit.campaigns.people_news import consent, linked, news, recipient

QUEUED = MessageQueued(
    "m", "spring", "c-1", "launch", 1, "spring/launch/c-1/1", "hello", "marketing", "email"
)
PLAN = CampaignPlanned("spring", "Spring")


ADDRESS = linked()
OPEN, ESCALATED = OpenTicket("t-1"), OpenTicket("t-2", escalated=True)
YES, NO = consent(True, "e-1", 1), consent(False, "e-2", 2)
ERASED = news("ContactErased", aliases=["c-2"])


def known(*past):
    """Return a recipient with an address and this past."""
    return recipient(ADDRESS, *past)


def bounced(days=0):
    """Return a hard bounce."""
    return news("MessageBounced", moment(days), hardness="hard")


def test_an_address_is_learned_and_forgotten():
    """The one learned last is written to, sealed as contacts sealed it; a new one lifts a block."""
    assert (known().address.text, known().address.stream) == ("ada@example.com", "contact-c-1")
    assert known(news("ContactIdentifierUnlinked", ref="c-e1")).address is None
    assert known(news("ContactIdentifierUnlinked", ref="c-e2")).address is not None
    assert known(linked("c-e2", "new@example.com")).address.text == "new@example.com"
    assert known(news("ContactPointAdded", kind="email", point_id="p", value="x")).ref == "p"
    assert known(bounced(), linked("c-e2")).blocked is None
    assert known(bounced(), ADDRESS).blocked == "bounced"


def test_other_identifiers_are_kept_as_refs_alone():
    """By them other services name the person; what they say is not kept."""
    phone = linked("c-p1", "+49", "phone")

    assert (known(phone).refs, known(phone).address) == (("c-e1", "c-p1"), known().address)
    assert touched(linked("c-1", "17", "customer_no")) == ()
    assert touched(news("ContactPointAdded", kind="phone", point_id="p", value="+49")) == ()


def test_names_are_for_the_greeting():
    """The last one of each kind is kept, sealed; other attributes are nobody's business here."""
    first, second = (news("ProfileAttributeChanged", field="name", to=name) for name in ("Ada", "Ada L."))

    assert [n.text.text for n in known(first, second).names] == ["Ada L."]
    assert touched(news("ProfileAttributeChanged", field="country", to="DE")) == ()


def test_a_name_that_was_kept_as_long_as_it_may_be_is_forgotten():
    """Other names stay; a field that is no name concerns no recipient."""
    names = [news("ProfileAttributeChanged", field=kind, to="Ada") for kind in ("name", "given_name")]

    assert [n.kind for n in known(*names, news("ProfileAttributeExpired", field="name")).names] == [
        "given_name"
    ]
    assert touched(news("ProfileAttributeExpired", field="country")) == ()


@for_all(any_.permutations([YES, NO, consent(True, "e-3", 1.5), consent(False, "e-4", 0)]))
def test_c5_the_latest_statement_holds(story):
    """C-5: an older grant that arrives late never overrides a newer withdrawal."""
    assert permission([known(*story)], "marketing", "email", moment(9)) is None
    assert known(*story).entries == known(YES, NO).entries


def test_c5_a_withdrawal_wins_a_full_tie():
    """C-5: equal moments in every respect."""
    no = consent(False, "e-9", 1)

    assert permission([known(YES, no)], "marketing", "email", moment(9)) is None
    assert permission([known(no, YES)], "marketing", "email", moment(9)) is None


def test_c6_an_expired_consent_is_none_and_all_covers_everything():
    """C-6: it ends at its moment; a withdrawal of everything covers each channel."""
    short = consent(True, "e-1", 1, expires=moment(5))
    everything = consent(False, "e-2", 2, "all")

    assert permission([known(short)], "marketing", "email", moment(4)).consent_event_id == "e-1"
    assert permission([known(short)], "marketing", "email", moment(5)) is None
    assert permission([known(YES, everything)], "marketing", "email", moment(9)) is None
    assert permission([known(YES)], "marketing", "sms", moment(9)) is None
    assert permission([known(YES), known(NO)], "marketing", "email", moment(9)) is None


def test_m6_unsubscribing_holds_at_once():
    """M-6: of everything, or of this purpose on this channel; the request is the proof."""
    scoped = {"purpose": "marketing", "channel": "email"}
    one = news("UnsubscribeRequested", moment(2), "u-1", scope="purpose", **scoped)
    everything = news("UnsubscribeRequested", moment(2), "u-2", scope="all", **scoped)

    assert permission([known(YES, one)], "marketing", "email", moment(9)) is None
    (entry,) = known(everything).entries
    assert (entry.purpose, entry.channel, entry.consent_event_id) == ("all", "all", "u-2")


def test_m2_the_consent_used_is_kept():
    """M-2: a message that may leave names the consent event it relies on."""
    judged = verdict(QUEUED, PLAN, [known(YES)], [], moment(3))

    assert (judged.reason, judged.consent.consent_event_id) == (None, "e-1")


@pytest.mark.parametrize(
    ("people", "plan", "before", "reason"),
    [
        ([known()], PLAN, [], "consent"),
        ([known(YES, NO)], PLAN, [], "consent"),
        ([known(YES, ERASED)], PLAN, [], "erased"),
        ([known(YES, bounced())], PLAN, [], "bounced"),
        ([recipient(YES)], PLAN, [], "no_address"),
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


@pytest.mark.parametrize(
    ("policy", "tickets", "waits"),
    [
        ("escalated", [OPEN], False),
        ("escalated", [OPEN, ESCALATED], True),
        ("open", [OPEN], True),
        ("open", [], False),
        ("none", [ESCALATED], False),
    ],
)
def test_m2_a_message_waits_for_the_tickets_its_campaign_minds(policy, tickets, waits):
    """M-2: an hour at a time, at most until the window closes; then it is suppressed for the ticket."""
    closing = Window(moment(0), moment(3, 0.5))
    plan = replace(PLAN, hold_for_tickets=policy)

    def judged(plan, at):
        return verdict(QUEUED, plan, [known(YES)], [], at, tickets=tickets)

    assert judged(plan, moment(3)).waits == (("ticket", moment(3, 1)) if waits else None)
    assert judged(replace(plan, window=closing), moment(3)).waits == (
        ("ticket", moment(3, 0.5)) if waits else None
    )
    over = judged(replace(plan, window=closing), moment(3, 0.5))
    assert over.reason == ("ticket" if waits else "closed")


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
    assert (judged.reason, judged.waits) == (None, ("quiet_hours", moment(3, 1)))
    in_tokyo = [replace(known(YES), zone="Asia/Tokyo")]
    assert verdict(QUEUED, plan, in_tokyo, [], moment(3)).waits is None
    capped = verdict(QUEUED, replace(plan, cap_per_week=1), [known(YES)], [moment(2)], moment(3))
    assert (capped.reason, capped.waits) == ("cap", None)


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


def test_of_a_block_and_its_lifting_the_later_one_holds():
    """Whatever their order of arrival; a soft bounce blocks nothing."""
    cleared = news("RecipientCleared", moment(2))

    assert known(bounced(1), cleared).blocked is None
    assert known(cleared, bounced(1)).blocked is None
    assert known(bounced(3), cleared).blocked == "bounced"
    assert known(cleared, bounced(3)).blocked == "bounced"
    assert known(news("ComplaintReceived")).blocked == "complaint"
    assert touched(news("MessageBounced", hardness="soft")) == ()


def test_a_block_is_lifted_as_a_fact_of_its_own():
    """Of a person who is not blocked there is nothing to say."""
    given(RECIPIENT).when(ClearRecipient("c-1")).then(RecipientCleared("c-1"))
    given(RECIPIENT).when(ClearRecipient("c-1", blocked=False)).then_nothing()


def test_merged_recipients_are_one_person_until_they_are_parted():
    """Both ids lead to the one that goes on; all they are known by is asked about."""
    pair = {"survivor_id": "c-1", "absorbed_id": "c-2"}
    merged, parted = news("ContactsMerged", **pair), news("ContactsUnmerged", **pair)

    def whole(*events):
        said = (ADDRESS, linked("c-x", "x@example.com", contact_id="c-2"), *events)
        found = {key: recipient(*said, key=key) for key in ("c-1", "c-2")}
        return persons(["c-2"], lambda keys: {k: found.get(k, Recipient()) for k in keys})["c-2"]

    assert (whole(merged).id, list(whole(merged).group)) == ("c-1", ["c-1", "c-2"])
    assert whole(merged).refs == ("c-1", "c-2", "c-e1", "c-x")
    assert (whole(merged, parted).id, list(whole(merged, parted).group)) == ("c-2", ["c-2"])


def test_an_erased_person_stays_forgotten():
    """Nothing that says who it was is kept, and no more news; of an id never heard of nothing is written."""
    erased = known(YES, news("ContactEnrolled", enrolment_id="j/1"), ERASED, linked("c-e9"))

    assert erased == Recipient("erased", enrolments=("j/1",))
    assert recipient(ERASED, key="c-2") == Recipient()
    assert recipient(linked(contact_id="c-2"), ERASED, key="c-2").status == "erased"


def test_a_recipient_comes_back_as_it_was_stored():
    """Moments, sealed texts and all."""
    whole = known(
        YES,
        NO,
        bounced(),
        news("ProfileAttributeChanged", field="name", to="Ada"),
        linked("c-p", "x", "phone"),
    )

    assert from_document({"_id": "c-1", "revision": 3, **to_document(whole)}) == whole
