"""Vocabularies: where one is defined, new facts take its terms alone."""

from dataclasses import replace
from datetime import date

import pytest

from services.campaigns.domain import BY_PLURAL
from services.campaigns.domain.campaign import CAMPAIGN, CampaignPlanned, CancelCampaign, RecordCost
from services.campaigns.domain.offer import OFFER, WithdrawOffer
from services.campaigns.domain.post import POST, SchedulePost
from services.campaigns.domain.response import RESPONSE, RecordResponse
from services.campaigns.domain.terms import COST_KINDS, MEDIA
from services.campaigns.domain.touch import TOUCH, RecordAttempt
from shared.errors import Invalid
from shared.testing.controls import moment
from shared.testing.given import given
from shared.values import Money
from shared.vocabulary import RetireTerm, TermAdded, VocabularyDefined
from tests.unit.campaigns.test_offer import PAST

PLAN = CampaignPlanned("spring", "Spring")
COST = RecordCost("spring", "i-1", "media", Money(5_000, "GBP"), date(2026, 5, 2), "radio")
CASES = [
    (CAMPAIGN, (PLAN,), COST, (("media",), ("radio",)), "/kind"),
    (CAMPAIGN, (PLAN,), replace(COST, kind="print"), (("print",), None), ""),
    (CAMPAIGN, (PLAN,), CancelCampaign("spring", "law"), (("law",),), "/reason"),
    (OFFER, PAST, WithdrawOffer("SPRING10", "error"), (("error",),), "/reason"),
    (POST, (), SchedulePost("p", "mastodon", "Spring", moment(1)), (("mastodon",),), "/network"),
    (TOUCH, (), RecordAttempt("t", "spring", "cellular"), (("cellular",),), "/medium"),
    (RESPONSE, (), RecordResponse("r", "spring", "click", "e-mail"), (("e-mail",),), "/medium"),
]


@pytest.mark.parametrize(("decider", "past", "command", "terms", "pointer"), CASES)
def test_free_text_is_refused_where_a_vocabulary_applies(decider, past, command, terms, pointer):
    """Requirement 21: a term is taken, anything else refused by field; without a vocabulary all goes."""
    assert given(decider, *past).when(command).events
    assert given(decider, *past).when(replace(command, terms=terms)).events
    if pointer:
        other = replace(command, terms=tuple(("other",) for _ in terms))
        given(decider, *past).when(other).then_raises(Invalid, f"{pointer}: is none of other")


def test_what_was_recorded_with_a_term_stays_when_the_term_is_retired():
    """The same again is no news, whatever the vocabulary says by now."""
    recorded = given(CAMPAIGN, PLAN).when(COST).events

    given(CAMPAIGN, PLAN, *recorded).when(replace(COST, terms=((), ()))).then_nothing()


def test_commands_are_told_the_terms_in_force():
    """Retired terms are left out; a vocabulary that is not defined is None."""
    vocabulary = BY_PLURAL["vocabularies"]
    defined = VocabularyDefined(COST_KINDS, "Kinds of costs")
    added = [TermAdded(COST_KINDS, code, code) for code in ("media", "print")]
    state = given(vocabulary, defined, *added).when(RetireTerm(COST_KINDS, "print")).after()

    assert CAMPAIGN.needs(None, COST) == [("vocabulary", COST_KINDS), ("vocabulary", MEDIA)]
    assert CAMPAIGN.informed(COST, [state, vocabulary.initial]).terms == (("media",), None)
