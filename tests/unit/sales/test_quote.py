"""Quotes: drafted, approved, sent, accepted until the end of the last valid day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.sales.domain.quote import (
    QUOTE,
    AcceptQuote,
    ApproveDiscount,
    DiscountApprovalRequested,
    DiscountApproved,
    DraftQuote,
    ExpireQuote,
    ExtendValidity,
    OfferedLine,
    QuoteAccepted,
    QuoteDrafted,
    QuoteExpired,
    QuoteLine,
    QuoteRejected,
    QuoteRevised,
    QuoteSent,
    QuoteSuperseded,
    QuoteValidityExtended,
    QuoteViewed,
    QuoteWithdrawn,
    RecordView,
    RejectQuote,
    RequestApproval,
    ReviseQuote,
    SendQuote,
    WithdrawQuote,
)
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN
from shared.testing.given import given
from shared.values import Money

LAST_DAY = date(2026, 5, 8)
OFFER = (OfferedLine("cup", 3, "0.335", "10", configuration={"colour": "blue"}),)
LINES = (QuoteLine("cup", 3, "0.335", 90, "10", configuration={"colour": "blue"}),)
DRAFT = DraftQuote("Q1", "7", "GBP", OFFER, deal_status="open")
DRAFTED = QuoteDrafted("Q1", "7", 1, LINES, Money(90, "GBP"))
SENT = QuoteSent("Q1", 1, LAST_DAY, "America/New_York", "email")
REVISED = QuoteRevised("Q1", 2, (QuoteLine("cup", 1, "2", 200),), Money(200, "GBP"))
ACCEPTED = QuoteAccepted("Q1", "7", 1, Money(90, "GBP"))
END = datetime(2026, 5, 9, 4, tzinfo=UTC)  # midnight in New York


def send(**fields):
    """Return the command that sends quote 1."""
    return SendQuote("Q1", LAST_DAY, WHEN, "America/New_York", **fields)


def steep(discount="20"):
    """Return a draft with this discount."""
    return QuoteDrafted("Q1", "7", 1, (QuoteLine("cup", 1, "10", 800, discount),), Money(800, "GBP"))


def test_s5_the_total_is_the_sum_of_rounded_lines():
    """S-5: 3 x 0.335 less 10 % is 0.9045, that is 0.90; the configuration is kept as it is."""
    given(QUOTE).when(DRAFT).then(DRAFTED)
    given(QUOTE, DRAFTED).when(DRAFT).then_nothing()
    given(QUOTE, steep()).when(DRAFT).then_raises(Conflict, "other content")


@pytest.mark.parametrize(("status", "kind"), [("unknown", NotFound), ("won", Conflict)])
def test_a_quote_belongs_to_an_open_deal(status, kind):
    """What is not known or closed gets no offer."""
    given(QUOTE).when(DraftQuote("Q1", "7", "GBP", OFFER, deal_status=status)).then_raises(kind)


def test_s5_a_discount_over_the_limit_needs_approval():
    """S-5: 15 % are free, 20 % need somebody's name and an approval that goes far enough."""
    asked, approved = DiscountApprovalRequested("Q1", "20"), DiscountApproved("Q1", "eva", "20")

    given(QUOTE, steep()).when(send()).then_raises(Conflict, "approved first")
    given(QUOTE, steep()).when(RequestApproval("Q1")).then(asked)
    given(QUOTE, steep(), asked).when(send()).then_raises(Conflict, "awaiting_approval")
    given(QUOTE, steep(), asked).when(ApproveDiscount("Q1", "eva", "20")).then(approved)
    given(QUOTE, steep(), asked, approved).when(send()).then(SENT)
    given(QUOTE, steep(), DiscountApproved("Q1", "eva", "19")).when(send()).then_raises(Conflict)
    given(QUOTE, DRAFTED).when(RequestApproval("Q1")).then_raises(Conflict, "needs no approval")


@pytest.mark.parametrize(("before_end", "accepted"), [(1, True), (0, False), (-3600, False)])
def test_s2_the_last_valid_day_is_included(before_end, accepted):
    """S-2: until the last second of the day where the issuer is, and not a second longer."""
    at = END - timedelta(seconds=before_end)
    done = given(QUOTE, DRAFTED, SENT).when(AcceptQuote("Q1", 1, at))
    done.then(ACCEPTED) if accepted else done.then_raises(Conflict, "extend it first")


def test_s2_an_extension_names_who_and_why():
    """S-2: after it an expired quote can be accepted again."""
    expired, later = QuoteExpired("Q1", 1), date(2026, 5, 15)
    extended = QuoteValidityExtended("Q1", LAST_DAY, later, "eva", "holidays")
    extend = ExtendValidity("Q1", later, "eva", "holidays", END)

    given(QUOTE, DRAFTED, SENT, expired).when(AcceptQuote("Q1", 1, WHEN)).then_raises(Conflict, "extend")
    given(QUOTE, DRAFTED, SENT, expired).when(extend).then(extended)
    given(QUOTE, DRAFTED, SENT, extended).when(extend).then_nothing()
    given(QUOTE, DRAFTED, SENT, expired, extended).when(AcceptQuote("Q1", 1, END)).then(ACCEPTED)
    given(QUOTE, DRAFTED, SENT).when(ExtendValidity("Q1", later, "eva", " ", END)).then_raises(Invalid)
    given(QUOTE, DRAFTED, SENT).when(ExtendValidity("Q1", date(2026, 5, 7), "eva", "x", WHEN)).then_raises(
        Invalid, "before"
    )
    given(QUOTE, DRAFTED).when(extend).then_raises(Conflict, "is draft")


def test_s3_only_what_is_out_and_over_expires():
    """S-3: the timer of an extended, drafted or accepted quote brings about nothing."""
    longer = QuoteValidityExtended("Q1", LAST_DAY, date(2026, 5, 15), "eva", "x")
    for expire in (ExpireQuote("Q1", END), Elapsed("expiry", END)):
        given(QUOTE, DRAFTED, SENT).when(expire).then(QuoteExpired("Q1", 1))
        for past in ([], [DRAFTED], [DRAFTED, SENT, longer], [DRAFTED, SENT, ACCEPTED]):
            given(QUOTE, *past).when(expire).then_nothing()
    given(QUOTE, DRAFTED, SENT).when(ExpireQuote("Q1", WHEN)).then_nothing()


def test_s3_the_timer_follows_the_validity():
    """S-3: due at the end of the last day, moved by an extension, gone with the acceptance."""
    longer = QuoteValidityExtended("Q1", LAST_DAY, date(2026, 5, 15), "eva", "x")
    timers = [
        QUOTE.timers(given(QUOTE, DRAFTED, *past).state())
        for past in ([], [SENT], [SENT, longer], [SENT, ACCEPTED])
    ]
    assert timers == [{}, {"expiry": END}, {"expiry": END + timedelta(days=7)}, {}]


@pytest.mark.parametrize(
    "end", [ACCEPTED, QuoteRejected("Q1", "price"), QuoteWithdrawn("Q1")], ids=lambda e: type(e).__name__
)
@pytest.mark.parametrize(
    "command",
    [
        ReviseQuote("Q1", OFFER),
        send(),
        RecordView("Q1", 1),
        ExtendValidity("Q1", date(2026, 6, 1), "eva", "x", WHEN),
        ApproveDiscount("Q1", "eva", "50"),
    ],
    ids=lambda c: type(c).__name__,
)
def test_s3_accepted_rejected_and_withdrawn_are_terminal(end, command):
    """S-3: nothing happens to such a quote."""
    given(QUOTE, DRAFTED, SENT, end).when(command).then_raises(Conflict)


def test_s3_the_end_again_is_no_news():
    """S-3: accepting, rejecting and withdrawing twice brings nothing; the other end is refused."""
    given(QUOTE, DRAFTED, SENT, ACCEPTED).when(AcceptQuote("Q1", 1, END)).then_nothing()
    given(QUOTE, DRAFTED, SENT, ACCEPTED).when(RejectQuote("Q1", "price")).then_raises(Conflict)
    given(QUOTE, DRAFTED, SENT, ACCEPTED).when(WithdrawQuote("Q1")).then_raises(Conflict)
    given(QUOTE, DRAFTED, SENT, QuoteWithdrawn("Q1")).when(WithdrawQuote("Q1")).then_nothing()
    given(QUOTE, DRAFTED, SENT).when(RejectQuote("Q1", "price")).then(QuoteRejected("Q1", "price"))


def test_s4_only_the_highest_revision_can_be_accepted():
    """S-4: neither the old one, nor the new one before it is sent; sending it supersedes the old one."""
    past = (DRAFTED, SENT, REVISED)
    new = QuoteSent("Q1", 2, LAST_DAY, "America/New_York", "email")
    superseded = QuoteSuperseded("Q1", 1, 2)

    given(QUOTE, DRAFTED, SENT).when(ReviseQuote("Q1", (OfferedLine("cup", 1, "2"),))).then(REVISED)
    given(QUOTE, *past).when(AcceptQuote("Q1", 1, WHEN)).then_raises(Conflict, "revision 2")
    given(QUOTE, *past).when(AcceptQuote("Q1", 2, WHEN)).then_raises(Conflict, "is draft")
    given(QUOTE, *past).when(send()).then(superseded, new)
    given(QUOTE, *past, superseded, new).when(send()).then_nothing()
    given(QUOTE, *past, superseded, new).when(AcceptQuote("Q1", 1, WHEN)).then_raises(Conflict)
    given(QUOTE, *past, superseded, new).when(AcceptQuote("Q1", 2, WHEN)).then(
        QuoteAccepted("Q1", "7", 2, Money(200, "GBP"))
    )


def test_every_look_at_what_was_sent_is_recorded():
    """Nobody looks at what was not sent."""
    given(QUOTE, DRAFTED, SENT).when(RecordView("Q1", 1)).then(QuoteViewed("Q1", 1))
    given(QUOTE, DRAFTED).when(RecordView("Q1", 1)).then_raises(Conflict, "was not sent")


def test_a_quote_is_sent_with_a_zone_and_a_day_to_come():
    """A day that is over and a zone that does not exist are refused."""
    given(QUOTE, DRAFTED).when(SendQuote("Q1", date(2026, 4, 30), WHEN)).then_raises(Invalid, "over already")
    given(QUOTE, DRAFTED).when(SendQuote("Q1", LAST_DAY, WHEN, "Mars/Base")).then_raises(Invalid, "time zone")


@for_all(
    any_.lists(
        any_.tuples(any_.integers(1, 50), any_.decimals("0.01", 999, places=4), any_.integers(0, 15)),
        min_size=1,
        max_size=8,
    )
)
def test_s5_the_total_never_leaves_the_exact_sum_by_more_than_half_a_unit_per_line(lines):
    """S-5: rounding per line is the only difference between the total and the exact sum."""
    offer = tuple(OfferedLine(f"s{i}", q, str(p), str(d)) for i, (q, p, d) in enumerate(lines))
    [drafted] = QUOTE.decide(QUOTE.initial, DraftQuote("Q1", "7", "GBP", offer))
    exact = sum(q * p * (100 - Decimal(d)) for q, p, d in lines)

    assert drafted.total.amount == sum(line.amount for line in drafted.lines)
    assert abs(drafted.total.amount - exact) <= Decimal(len(lines)) / 2
