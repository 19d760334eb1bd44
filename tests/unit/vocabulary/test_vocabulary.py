"""Vocabularies: codes never change their meaning."""

from typing import Any

from hypothesis import given as examples
from hypothesis import strategies as st

from shared.errors import Conflict, NotFound
from shared.testing.given import given
from shared.vocabulary import (
    AddTerm,
    DefineVocabulary,
    RelabelTerm,
    RetireTerm,
    TermAdded,
    TermRelabelled,
    TermRetired,
    VocabularyDefined,
    vocabulary,
)

SIZES = vocabulary("contacts")
DEFINED, SMALL = VocabularyDefined("sizes", "Sizes"), TermAdded("sizes", "s", "small", 1)
RETIRED = TermRetired("sizes", "s", None)


def test_codes_are_never_used_again() -> None:
    """Not with another label, and not after they were retired."""
    given(SIZES, DEFINED, SMALL).when(AddTerm("sizes", "s", "short", 1)).then_raises(Conflict, "taken")
    given(SIZES, DEFINED, SMALL, RETIRED).when(AddTerm("sizes", "s", "small", 1)).then_raises(
        Conflict, "taken"
    )
    given(SIZES, DEFINED, SMALL).when(AddTerm("sizes", "s", "small", 1)).then_nothing()


def test_a_retired_term_stays_readable_and_is_not_offered() -> None:
    """Its label is still there."""
    state = given(SIZES, DEFINED, SMALL).when(RetireTerm("sizes", "s")).then(RETIRED)
    assert (state.codes, state.terms["s"].label) == ((), "small")


def test_terms_are_offered_in_the_order_of_the_list() -> None:
    """By place, then by code."""
    others = (TermAdded("sizes", "xl", "extra large", 9), TermAdded("sizes", "l", "large", 9))
    assert given(SIZES, DEFINED, *others, SMALL).state().codes == ("s", "l", "xl")
    assert given(SIZES).state().codes is None


def test_a_label_may_change() -> None:
    """The code stays; the same label again is no news."""
    relabel = RelabelTerm("sizes", "s", "Small")
    relabelled = TermRelabelled("sizes", "s", "Small")
    given(SIZES, DEFINED, SMALL).when(relabel).then(relabelled)
    given(SIZES, DEFINED, SMALL, relabelled).when(relabel).then_nothing()


def test_a_term_is_replaced_by_one_that_is_in_use() -> None:
    """Not by itself, not by a retired one."""
    given(SIZES, DEFINED, SMALL).when(RetireTerm("sizes", "s", "s")).then_raises(Conflict, "instead")
    given(SIZES, DEFINED, SMALL).when(RetireTerm("sizes", "s", "m")).then_raises(NotFound, "m")
    given(SIZES).when(RetireTerm("sizes", "s")).then_raises(NotFound, "sizes")


COMMANDS = st.one_of(
    st.builds(DefineVocabulary, st.just("v"), st.sampled_from(["A", "B"])),
    st.builds(AddTerm, st.just("v"), st.sampled_from("abc"), st.sampled_from(["x", "y"])),
    st.builds(RetireTerm, st.just("v"), st.sampled_from("abc"), st.sampled_from([None, "a", "b"])),
)


@examples(st.lists(COMMANDS, max_size=20))
def test_no_code_is_ever_added_twice_and_none_comes_back(commands: list[Any]) -> None:
    """Whatever is asked, in any order."""
    spec, state, added = given(SIZES), SIZES.initial, []
    for command in commands:
        outcome = spec.do(state, command)
        added += [event.code for event in outcome.events if isinstance(event, TermAdded)]
        retired = {code for code, term in state.terms.items() if term.retired}
        state = outcome.after()
        assert not retired & set(state.codes or ())
    assert len(added) == len(set(added))
