"""Segments: rules as data, in versions."""

import pytest

from services.campaigns.domain.segment import (
    SEGMENT,
    DefineSegment,
    RetireSegment,
    ReviseSegment,
    SegmentDefined,
    SegmentRetired,
    SegmentRuleRevised,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.segments import wrong
from shared.testing.given import given

LOYAL = {"fact": "behaviour.orders", "is": "at_least", "value": 3, "within_days": 90}
NORTH = {"all": [LOYAL, {"not": {"fact": "demographics.country", "is": "in", "value": ["ES", "PT"]}}]}
DEFINED = SegmentDefined("loyal", "Loyal", 1, LOYAL, "first to know")


def test_a_segment_is_defined_once_and_revised_by_versions():
    """Each rule is a version of its own; the same rule is no news."""
    define = DefineSegment("loyal", "Loyal", LOYAL, "first to know")

    given(SEGMENT).when(define).then(DEFINED)
    given(SEGMENT, DEFINED).when(define).then_nothing()
    given(SEGMENT, DEFINED).when(DefineSegment("loyal", "Loyal", NORTH)).then_raises(Conflict, "revise")
    given(SEGMENT, DEFINED).when(ReviseSegment("loyal", NORTH)).then(SegmentRuleRevised("loyal", 2, NORTH))
    given(SEGMENT, DEFINED).when(ReviseSegment("loyal", LOYAL)).then_nothing()


def test_a_retired_segment_stays_readable_and_takes_no_rule():
    """Retiring is final."""
    retired = SegmentRetired("loyal")

    state = given(SEGMENT, DEFINED).when(RetireSegment("loyal")).then(retired)
    assert state.rule == LOYAL
    given(SEGMENT, DEFINED, retired).when(RetireSegment("loyal")).then_nothing()
    given(SEGMENT, DEFINED, retired).when(ReviseSegment("loyal", NORTH)).then_raises(Conflict, "retired")
    given(SEGMENT).when(RetireSegment("loyal")).then_raises(NotFound, "not known")


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ([], "/rule"),
        ({}, "/rule"),
        ({"all": []}, "/rule/all"),
        ({"any": [LOYAL], "all": [LOYAL]}, "/rule"),
        ({"any": [LOYAL, {"fact": "orders", "is": "known"}]}, "/rule/any/1/fact"),
        ({"not": LOYAL | {"is": "resembles"}}, "/rule/not/is"),
        (LOYAL | {"value": "three"}, "/rule/value"),
        (LOYAL | {"value": True}, "/rule/value"),
        (LOYAL | {"within_days": 0}, "/rule/within_days"),
        (LOYAL | {"colour": "blue"}, "/rule/colour"),
        ({"fact": "demographics.age", "is": "at_most", "value": 30, "within_days": 9}, "/rule/within_days"),
        ({"fact": "preferences.topic", "is": "in", "value": []}, "/rule/value"),
        ({"fact": "demographics.born", "is": "before", "value": "May"}, "/rule/value"),
        ({"fact": "demographics.email", "is": "known", "value": 1}, "/rule/value"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_place(rule, place):
    """Every error names where it is."""
    assert place in [error.pointer for error in wrong(rule)]
    if isinstance(rule, dict):
        given(SEGMENT).when(DefineSegment("loyal", "Loyal", rule)).then_raises(Invalid, place)


def test_a_rule_may_not_be_nested_without_end():
    """Depth is bounded."""
    rule = LOYAL
    for _ in range(8):
        rule = {"not": rule}

    assert any("deep" in error.detail for error in wrong(rule))


def test_right_rules_are_accepted():
    """All forms of the language."""
    born = {"fact": "demographics.birth_date", "is": "after", "value": "1990-01-01"}
    topic = {"fact": "preferences.garden", "is": "equal", "value": "yes"}

    assert not list(wrong({"any": [NORTH, born, topic, {"fact": "behaviour.returns", "is": "unknown"}]}))
