"""Offers: inside their window, under their caps, by whom they are for, once for each order."""

from dataclasses import replace

import pytest

from services.campaigns.domain.offer import (
    OFFER,
    ActivateOffer,
    DefineOffer,
    IssueOffer,
    OfferActivated,
    OfferDefined,
    OfferExpired,
    OfferIssued,
    OfferRedeemed,
    OfferRedemptionReversed,
    OfferWithdrawn,
    RedeemOffer,
    RedemptionRefused,
    ReportRedemption,
    ReverseRedemption,
    WithdrawOffer,
)
from services.campaigns.domain.redemption import (
    REDEMPTION,
    ClaimRedemption,
    RedemptionClaimed,
    RedemptionReleased,
    ReleaseRedemption,
)
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import moment
from shared.testing.given import given

DEFINED = OfferDefined("SPRING10", "10 % off", moment(0), moment(10), 2, 1)
ACTIVE, ISSUED = OfferActivated("SPRING10"), OfferIssued("SPRING10", "SPRING10")
PAST = (DEFINED, ACTIVE, ISSUED)


def redeem(order="1", contact="c-1", days=1, code="SPRING10"):
    """Return the command to use the code for an order."""
    return RedeemOffer("SPRING10", code, order, contact, moment(days))


def redeemed(order="1", contact="c-1"):
    """Return the event that says so."""
    return OfferRedeemed("SPRING10", "SPRING10", order, contact)


def test_an_offer_is_defined_activated_and_issued():
    """Codes carry the id of their offer; a code is given to one person only."""
    define = DefineOffer("SPRING10", "10 % off", moment(0), moment(10), 2, 1)
    mine = OfferIssued("SPRING10", "SPRING10.A", "c-1")

    given(OFFER).when(define).then(DEFINED)
    given(OFFER).when(DefineOffer("X", "x", moment(1), moment(1))).then_raises(Invalid, "/closes")
    given(OFFER, DEFINED).when(ActivateOffer("SPRING10")).then(ACTIVE)
    given(OFFER, *PAST).when(IssueOffer("SPRING10", "SPRING10.A", "c-1")).then(mine)
    given(OFFER, *PAST, mine).when(IssueOffer("SPRING10", "SPRING10.A", "c-1")).then_nothing()
    given(OFFER, *PAST, mine).when(IssueOffer("SPRING10", "SPRING10.A", "c-2")).then_raises(Conflict, "else")
    given(OFFER, *PAST).when(IssueOffer("SPRING10", "OTHER")).then_raises(Invalid, "/code")
    given(OFFER, DEFINED).when(IssueOffer("SPRING10", "SPRING10")).then_raises(Conflict, "not active")
    given(OFFER, *PAST).when(DefineOffer("SPRING10", "x", moment(0), moment(1))).then_raises(Conflict)


def test_m7_an_order_redeems_once():
    """M-7: the same order again is no news."""
    given(OFFER, *PAST).when(redeem()).then(redeemed())
    given(OFFER, *PAST, redeemed()).when(redeem()).then_nothing()


@pytest.mark.parametrize(
    ("past", "command", "why"),
    [
        (PAST, redeem(days=-1), "window"),
        (PAST, redeem(days=10), "window"),
        ((DEFINED, ISSUED), redeem(), "defined"),
        ((*PAST, OfferWithdrawn("SPRING10")), redeem(), "withdrawn"),
        (PAST, redeem(code="SPRING10.B"), "not issued"),
        ((*PAST, OfferIssued("SPRING10", "SPRING10.B", "c-9")), redeem(code="SPRING10.B"), "somebody else"),
        ((*PAST, redeemed()), redeem("2"), "has had it"),
        ((*PAST, redeemed(), redeemed("2", "c-2")), redeem("3", "c-3"), "all are taken"),
        (
            (OfferDefined("SPRING10", "x", moment(0), moment(10), members=("c-9",)), ACTIVE, ISSUED),
            redeem(),
            "not for this person",
        ),
    ],
)
def test_m7_what_does_not_hold_is_refused_with_the_reason(past, command, why):
    """M-7: window, activity, issue, eligibility and both caps; an order that is placed is noted instead."""
    report = ReportRedemption("SPRING10", command.code, command.order_id, command.contact_id, command.at)

    given(OFFER, *past).when(command).then_raises(Conflict, why)
    outcome = given(OFFER, *past).when(report)
    assert [type(e) for e in outcome.events] == [RedemptionRefused]
    assert why in outcome.events[0].reason
    given(OFFER, *past, *outcome.events).when(report).then_nothing()


MINE = OfferIssued("SPRING10", "SPRING10.B", "c-old")
MEMBERS = (OfferDefined("SPRING10", "x", moment(0), moment(10), members=("c-old",)), ACTIVE, ISSUED)


@pytest.mark.parametrize(
    ("past", "code"),
    [((*PAST, MINE), "SPRING10.B"), (MEMBERS, "SPRING10")],
)
def test_m7_a_merged_person_is_eligible_under_every_ref(past, code):
    """M-7: what is for one of two contacts is for the other, as long as they are one."""
    as_one = replace(redeem(code=code), persons=("c-1", "c-old"))

    assert given(OFFER, *past).when(as_one).events
    apart = given(OFFER, *past).when(redeem(code=code))
    apart.then_raises(Conflict)
    issue = IssueOffer("SPRING10", "SPRING10.B", "c-1", ("c-1", "c-old"))
    given(OFFER, *PAST, MINE).when(issue).then_nothing()


def test_m7_a_merged_person_counts_once_under_the_cap():
    """M-7: what either of the two has redeemed counts for both; after the unmerge each has one again."""
    as_one = replace(redeem("2", "c-1"), persons=("c-old", "c-1"))

    given(OFFER, *PAST, redeemed("1", "c-old")).when(as_one).then_raises(Conflict, "has had it")
    given(OFFER, *PAST, redeemed("1", "c-old")).when(redeem("2", "c-1")).then(redeemed("2", "c-1"))


def test_s11_an_order_with_a_code_of_no_offer_is_told():
    """S-11: the order waits for an answer, so there is one; the offer may be defined afterwards."""
    report = ReportRedemption("NONE", "NONE", "1", "c-1", moment())
    refused = RedemptionRefused("NONE", "NONE", "1", "offer NONE is not known")
    define = DefineOffer("NONE", "late", moment(0), moment(10))

    given(OFFER).when(report).then(refused)
    given(OFFER, refused).when(report).then_nothing()
    assert given(OFFER, refused).when(define).after().status == "defined"


def test_m7_a_cancelled_order_gives_its_redemption_back():
    """M-7: reversed once, it counts for no cap any more."""
    back = OfferRedemptionReversed("SPRING10", "1")

    given(OFFER, *PAST, redeemed()).when(ReverseRedemption("SPRING10", "1")).then(back)
    given(OFFER, *PAST, redeemed(), back).when(ReverseRedemption("SPRING10", "1")).then_nothing()
    given(OFFER, *PAST, redeemed(), back).when(redeem("2")).then(redeemed("2"))
    given(OFFER, *PAST).when(ReverseRedemption("SPRING10", "9")).then_nothing()


def test_an_offer_ends_by_itself_or_is_withdrawn():
    """Its timer is the end of its window; an order from inside the window still holds when told late."""
    expired = OfferExpired("SPRING10")

    assert OFFER.timers(given(OFFER, *PAST).state()) == {"expire": moment(10)}
    given(OFFER, *PAST).when(Elapsed("expire", moment(10))).then(expired)
    given(OFFER, *PAST, expired).when(Elapsed("expire", moment(10))).then_nothing()
    given(OFFER, *PAST, expired).when(redeem()).then(redeemed())
    given(OFFER, *PAST).when(WithdrawOffer("SPRING10", "error")).then(OfferWithdrawn("SPRING10", "error"))
    given(OFFER, *PAST, expired).when(WithdrawOffer("SPRING10")).then_nothing()
    given(OFFER).when(WithdrawOffer("SPRING10")).then_raises(NotFound)


def test_s11_an_order_claims_one_code():
    """S-11: the first code counts; a cancelled order releases it once."""
    claimed, released = RedemptionClaimed("1", "SPRING10", "SPRING10.A"), RedemptionReleased("1", "SPRING10")

    given(REDEMPTION).when(ClaimRedemption("1", "SPRING10.A")).then(claimed)
    given(REDEMPTION, claimed).when(ClaimRedemption("1", "OTHER")).then_nothing()
    given(REDEMPTION, claimed).when(ReleaseRedemption("1")).then(released)
    given(REDEMPTION, claimed, released).when(ReleaseRedemption("1")).then_nothing()
    given(REDEMPTION).when(ReleaseRedemption("1")).then_nothing()
