"""Agreements: started, renewed, changed, ended; with a reminder before the end."""

from datetime import date

from services.sales.domain.agreement import (
    AGREEMENT,
    AgreementAmountChanged,
    AgreementEnded,
    AgreementEndNear,
    AgreementRenewed,
    AgreementStarted,
    ChangeAgreement,
    EndAgreement,
    RenewAgreement,
    StartAgreement,
)
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN
from shared.testing.given import given
from shared.values import Money

TEN, TWELVE = Money(1000, "EUR"), Money(1200, "EUR")
LAST, LATER = date(2026, 12, 31), date(2027, 12, 31)
STARTED = AgreementStarted("A1", TEN, "month", LAST)
ENDED = AgreementEnded("A1", "moved", True, TEN)


def test_an_agreement_starts_once():
    """The same again is no news, another amount is refused, nothing is no amount."""
    start = StartAgreement("A1", TEN, "month", LAST)
    given(AGREEMENT).when(start).then(STARTED)
    given(AGREEMENT, STARTED).when(start).then_nothing()
    given(AGREEMENT, STARTED).when(StartAgreement("A1", TWELVE)).then_raises(Conflict)
    given(AGREEMENT).when(StartAgreement("A1", Money(0, "EUR"))).then_raises(Invalid)


def test_it_is_renewed_to_a_later_day():
    """Or without end; never to an earlier day."""
    given(AGREEMENT, STARTED).when(RenewAgreement("A1", LATER)).then(AgreementRenewed("A1", LATER))
    given(AGREEMENT, STARTED).when(RenewAgreement("A1")).then(AgreementRenewed("A1"))
    given(AGREEMENT, STARTED).when(RenewAgreement("A1", LAST)).then_raises(Invalid, "/ends_on")


def test_the_amount_changes_from_and_to():
    """What revenue churn is made of: both amounts are in the event, in one currency."""
    changed = AgreementAmountChanged("A1", TEN, TWELVE, "larger plan")
    change = ChangeAgreement("A1", TWELVE, "larger plan")
    given(AGREEMENT, STARTED).when(change).then(changed)
    given(AGREEMENT, STARTED, changed).when(change).then_nothing()
    given(AGREEMENT, STARTED).when(ChangeAgreement("A1", Money(1, "USD"))).then_raises(Conflict, "is in EUR")


def test_it_ends_once_and_tells_what_is_lost():
    """Whether the customer wanted it, why, and how much was paid every period."""
    end = EndAgreement("A1", "moved", True)
    given(AGREEMENT, STARTED).when(end).then(ENDED)
    given(AGREEMENT, STARTED, ENDED).when(end).then_nothing()
    given(AGREEMENT, STARTED, ENDED).when(RenewAgreement("A1")).then_raises(Conflict, "is ended")
    given(AGREEMENT).when(end).then_raises(NotFound)


def test_a_coming_end_is_told_once_unless_it_was_renewed():
    """Thirty days before the last day; a renewal begins anew."""
    [(name, due)] = AGREEMENT.timers(given(AGREEMENT, STARTED).state()).items()
    near, elapsed = AgreementEndNear("A1", LAST), Elapsed(name, due)
    state = given(AGREEMENT, STARTED).when(elapsed).then(near)
    assert (due.date(), AGREEMENT.timers(state)) == (date(2026, 12, 1), {})
    for past in ([STARTED, near], [STARTED, AgreementRenewed("A1", LATER)], [STARTED, ENDED], []):
        given(AGREEMENT, *past).when(elapsed).then_nothing()
    given(AGREEMENT, STARTED).when(Elapsed(name, WHEN)).then_nothing()
