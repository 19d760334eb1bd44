"""Rules: what they may say, whom they pick, and when time alone changes the answer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.segments import Facts, evaluate, wrong
from shared.segments.declared import DECLARED, declared
from shared.segments.evaluate import day_of, midnight
from shared.segments.signals import Steps

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
TODAY = day_of(NOW)


def fact(name: str, how: str, value: object = None, **more: object) -> dict[str, object]:
    """Return one condition."""
    return {"fact": name, "is": how, **({} if value is None else {"value": value}), **more}


ADA = Facts(
    days={
        "orders": {TODAY - 100: 1, TODAY - 40: 1, TODAY - 10: 1},
        "net_value.GBP": {TODAY - 100: 5_000, TODAY - 40: 2_050, TODAY - 5: -1_000},
        "channel.web": {TODAY: 3},
    },
    before={"orders": 2},
    values={"demographics.country": "Spain", "demographics.age": "44", "preferences.garden": "yes",
            "behaviour.open_tickets": 1},
    steps={"preferences.consent.news.email": Steps([(TODAY - 9, True), (TODAY + 3, False)])},
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "member"),
    [
        (fact("behaviour.orders", "equal", 5), True),
        (fact("behaviour.orders", "at_least", 2, within_days=41), True),
        (fact("behaviour.orders", "at_least", 2, within_days=40), False),
        (fact("behaviour.net_value.GBP", "equal", 60.5), True),
        (fact("behaviour.net_value.EUR", "at_most", 0), True),
        (fact("behaviour.last_order_days", "in", [10, 11]), True),
        (fact("behaviour.first_order_days", "more_than", 99.5), True),
        (fact("behaviour.channel.web", "less_than", 4), True),
        (fact("behaviour.open_tickets", "at_least", 1), True),
        (fact("behaviour.survey.nps", "unknown"), True),
        (fact("behaviour.survey.nps", "at_most", 6), False),
        (fact("behaviour.value_tier", "not_equal", "top"), True),
        (fact("demographics.country", "in", ["spain", "portugal"]), True),
        (fact("demographics.age", "at_least", 44), True),
        (fact("demographics.birth_date", "before", "1990-01-01"), False),
        (fact("demographics.birth_date", "known"), False),
        (fact("preferences.garden", "equal", "yes"), True),
        (fact("preferences.consent.news.email", "equal", True), True),
        (fact("preferences.consent.news.sms", "equal", False), False),
    ],
)
def test_a_condition_picks_by_one_fact(rule: dict[str, object], member: bool) -> None:
    """Counts without an event are zero, everything else that is not known compares with nothing."""
    assert not list(wrong(rule))
    assert evaluate(rule, ADA, NOW).member is member
    assert evaluate({"not": rule}, ADA, NOW).member is not member


def test_one_rule_of_all_three_kinds_picks_those_all_conditions_hold_for() -> None:
    """Demographics, behaviour and preferences in one rule."""
    several = [fact("demographics.country", "equal", "Spain"), fact("preferences.garden", "known"),
               fact("behaviour.orders", "at_least", 1, within_days=30)]  # fmt: skip

    assert evaluate({"all": several}, ADA, NOW).member
    assert not evaluate({"all": several}, Facts(values=ADA.values), NOW).member
    assert evaluate({"any": several}, Facts(values=ADA.values), NOW).member


def test_what_time_alone_changes_is_told_in_advance() -> None:
    """A window is left at midnight, a consent runs out, an unchanging answer has no next moment."""
    recent = fact("behaviour.orders", "at_least", 1, within_days=30)

    assert evaluate(recent, ADA, NOW).next == midnight(TODAY + 20)
    assert evaluate(fact("preferences.consent.news.email", "equal", True), ADA, NOW).next == midnight(
        TODAY + 3
    )
    assert evaluate(fact("behaviour.last_order_days", "more_than", 90), ADA, NOW).next == midnight(TODAY + 81)
    assert evaluate(fact("behaviour.orders", "at_least", 5), ADA, NOW).next is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("behaviour.order", "behaviour.orders"),
        ("behaviour.netvalue.GBP", "behaviour.net_value.<currency>"),
        ("demographic.country", "demographics.<field>"),
        ("xyz", "is not a known fact"),
    ],
)
def test_an_unknown_fact_is_refused_by_name_with_what_is_near(name: str, words: str) -> None:
    """The answer says what may have been meant."""
    (error,) = wrong(fact(name, "known"))
    assert error.pointer == "/rule/fact"
    assert words in error.detail


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (fact("behaviour.value_tier", "at_least", 2), "/rule/is"),
        (fact("behaviour.orders", "equal", "two"), "/rule/is"),
        (fact("behaviour.orders", "before", "2026-05-01"), "/rule/is"),
        (fact("preferences.consent.news.email", "equal", "yes"), "/rule/is"),
        (fact("behaviour.last_order_days", "at_least", 2, within_days=3), "/rule/within_days"),
        (fact("behaviour.orders", "at_least", float("inf")), "/rule/value"),
    ],
)
def test_a_comparison_has_to_make_sense_for_its_fact(rule: dict[str, object], place: str) -> None:
    """A text is not compared as a number, and a state is not asked of a window."""
    assert [error.pointer for error in wrong(rule)] == [place]


def test_every_declared_fact_can_be_named_and_evaluated() -> None:
    """The list is the language."""
    for known in DECLARED:
        name = known.path.replace("<currency>", "GBP").replace("<", "").replace(">", "")
        assert declared(name) == known
        assert evaluate(fact(name, "unknown"), Facts(), NOW).next is None


NAMES = ("behaviour.orders", "behaviour.pages", "behaviour.last_order_days", "behaviour.value_tier")
WORDS = ("at_least", "at_most", "equal", "not_equal", "in")


@st.composite
def simple(draw: st.DrawFn) -> dict[str, object]:
    """Draw one condition."""
    name, how = draw(st.sampled_from(NAMES)), draw(st.sampled_from(WORDS))
    value: object = draw(st.integers(0, 12))
    within = (
        {"within_days": draw(st.integers(1, 15))} if declared(name).windowed and draw(st.booleans()) else {}
    )  # type: ignore[union-attr]
    return {"fact": name, "is": how, "value": [value] if how == "in" else value, **within}


rules = st.recursive(
    simple(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda several: {"all": several}),
        st.lists(inner, min_size=1, max_size=3).map(lambda several: {"any": several}),
        inner.map(lambda one: {"not": one}),
    ),
    max_leaves=4,
)
counts = st.dictionaries(st.integers(TODAY - 20, TODAY + 3), st.integers(1, 3), max_size=5)
tiers = st.lists(st.tuples(st.integers(TODAY - 5, TODAY + 9), st.sampled_from(["top", "low"])), max_size=3)


@settings(max_examples=400)
@given(rules, counts, counts, tiers)
def test_the_next_moment_is_the_first_day_with_another_answer(rule, orders, pages, steps) -> None:
    """Asked day by day, the answer changes exactly when it was said to change, and not before."""
    known = Facts({"orders": orders, "pages": pages}, steps={"behaviour.value_tier": Steps(sorted(steps))})
    told = evaluate(rule, known, NOW)
    days = (NOW + timedelta(days=number) for number in range(1, 60))
    other = next((day for day in days if evaluate(rule, known, day).member != told.member), None)

    assert told.next == (midnight(day_of(other)) if other else None)
