"""Consent: a ledger with proof, read as of any moment (C-5, C-6)."""

from dataclasses import replace
from datetime import datetime
from itertools import permutations
from typing import Any

from hypothesis import given as examples
from hypothesis import strategies as st

from services.contacts.domain import CONTACT
from services.contacts.domain.contact import GrantConsent, WithdrawConsent
from services.contacts.domain.contact.consent import ConsentGranted, ConsentWithdrawn, Entry, effective
from services.contacts.domain.contact.events import ContactArchived, ContactRegistered
from shared.decide import At
from shared.errors import Invalid
from shared.testing.controls import moment
from shared.testing.given import given

ANNA = ContactRegistered("c-1", "known", "shop")
NOW = moment(10)
GRANT = GrantConsent("c-1", "news", "email", "consent", "v3", "form 7", NOW)


def granted(day: float, **said: Any) -> ConsentGranted:
    """A consent to news by e-mail, given on that day."""
    base = ConsentGranted("c-1", "news", "email", "consent", "v3", "form 7", moment(day), NOW)
    return replace(base, **said)


def withdrawn(day: float, purpose: str = "news", channel: str = "email") -> ConsentWithdrawn:
    """A withdrawal on that day."""
    return ConsentWithdrawn("c-1", purpose, channel, "staff", moment(day), NOW)


def in_force(*past: Any, at: datetime = NOW) -> Entry | None:
    """The consent to news by e-mail after these events."""
    return effective(given(CONTACT, ANNA, *past).state().consents, "news", "email", at)


def test_c5_a_late_older_grant_never_overrides_a_newer_withdrawal() -> None:
    """The order in which they become known does not matter."""
    for order in permutations([granted(1), withdrawn(3), granted(2)]):
        assert in_force(*order) is None
    assert in_force(withdrawn(3), granted(4)) is not None


def test_c5_consent_is_told_as_of_any_moment() -> None:
    """Before, between and after."""
    past = (granted(1), withdrawn(3))
    assert [in_force(*past, at=moment(day)) is not None for day in (0, 2, 4)] == [False, True, False]


def test_c5_a_withdrawal_wins_a_full_tie() -> None:
    """Said and learned at the same moment: no."""
    assert in_force(granted(1), withdrawn(1)) is None
    assert in_force(withdrawn(1), granted(1)) is None


def test_c5_of_two_of_one_moment_the_one_recorded_last_counts() -> None:
    """Ties go by the moment of recording."""
    later = granted(1, recorded_at=moment(11))
    assert in_force(later, withdrawn(1)) is not None


def test_withdrawing_all_covers_every_purpose_and_channel() -> None:
    """One word for everything."""
    assert in_force(granted(1), withdrawn(2, "all", "all")) is None
    assert in_force(granted(1), withdrawn(2, "all", "sms")) is not None


def test_c6_an_expired_consent_counts_as_absent() -> None:
    """To the moment."""
    past = granted(1, expires_at=moment(5))
    assert in_force(past, at=moment(4.9)) is not None
    assert in_force(past, at=moment(5)) is None


def test_c6_consent_without_purpose_evidence_or_text_is_refused() -> None:
    """Each is named."""
    for name in ("purpose", "evidence", "text_version"):
        given(CONTACT, ANNA).when(replace(GRANT, **{name: " "})).then_raises(Invalid, name)


def test_c6_a_purpose_needs_to_be_of_the_vocabulary_once_there_is_one() -> None:
    """Retired and unknown ones are refused; without a vocabulary any purpose goes."""
    given(CONTACT, ANNA).when(replace(GRANT, purposes=("offers",))).then_raises(Invalid, "none of offers")
    given(CONTACT, ANNA).when(GRANT).then(granted(10))


def test_consent_for_everything_at_once_and_from_the_future_is_refused() -> None:
    """Consent is specific, and was given."""
    given(CONTACT, ANNA).when(replace(GRANT, purpose="all")).then_raises(Invalid, "all at once")
    given(CONTACT, ANNA).when(replace(GRANT, given_at=moment(11))).then_raises(Invalid, "future")
    given(CONTACT, ANNA).when(replace(GRANT, expires_at=moment(1))).then_raises(Invalid, "expires_at")


def test_a_consent_happened_when_it_was_given() -> None:
    """Business time is the person's; the same statement again is no news."""
    late = replace(GRANT, given_at=moment(2))
    given(CONTACT, ANNA).when(late).then(At(granted(2), moment(2)))
    given(CONTACT, ANNA).when(late, late).then_nothing()


def test_an_archived_contact_can_still_withdraw() -> None:
    """The way out is never closed."""
    withdraw = WithdrawConsent("c-1", "news", "email", NOW)
    given(CONTACT, ANNA, ContactArchived("c-1", "moved")).when(withdraw).then(withdrawn(10))


SAID = st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(0, 3)), max_size=8)


@examples(SAID, st.randoms())
def test_c5_effective_consent_does_not_depend_on_the_order_of_arrival(
    said: list[tuple[int, bool, int]], chance: Any
) -> None:
    """Any shuffle of the same entries gives the same answer at any moment."""
    entries = [Entry("news", "email", yes, moment(day), moment(10 + known)) for day, yes, known in said]
    shuffled = list(entries)
    chance.shuffle(shuffled)
    for day in range(8):
        assert effective(entries, "news", "email", moment(day)) == effective(
            shuffled, "news", "email", moment(day)
        )
