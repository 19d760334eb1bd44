"""The arithmetic of measures: medians, ratios, verdicts and the text they become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.repeats import alternate, percentile, rate
from tests.bench.report import Goal, Reading, Report, at_most, share, times
from tests.bench.samples import channel_events, domain_events, one_event_each
from tests.bench.table import lines_of, markdown, number, sentence, summary

READINGS = (Reading("limit", (100.0, 90.0, 200.0)), Reading("ours", (60.0, 70.0, 65.0)))
REPORT = Report("Relay", "msg/s", READINGS, (share(READINGS, "ours", "limit", 0.6),), "limit", ("a note",))


def test_a_reading_is_the_median_of_its_repeats() -> None:
    """One disturbed repeat does not move the value, and shows in the spread."""
    assert READINGS[0].value == 100
    assert READINGS[0].spread == pytest.approx(1.1)


def test_a_ratio_is_taken_to_the_limit_or_to_the_reading_named() -> None:
    """Without a limit there is no ratio."""
    assert REPORT.ratio("ours") == pytest.approx(0.65)
    assert REPORT.ratio("limit", "ours") == pytest.approx(100 / 65)
    assert Report("Relay", "msg/s", READINGS).ratio("ours") is None


@pytest.mark.parametrize(
    ("goal", "reached"),
    [
        (Goal("share", 0.6, 0.6), True),
        (Goal("share", 0.599, 0.6), False),
        (at_most("memory", 120, 120, "MB"), True),
        (at_most("memory", 120.1, 120, "MB"), False),
        (times(READINGS, "limit", "ours", 1.5), True),
        (times(READINGS, "limit", "ours", 5), False),
    ],
)
def test_a_bound_is_reached_when_it_is_met_exactly(goal: Goal, reached: bool) -> None:
    """A goal on its bound is reached, one beyond it is missed."""
    assert goal.reached is reached
    assert goal.verdict in sentence(goal)


def test_contenders_take_turns() -> None:
    """A B A B, so that a machine that drifts drifts for all."""
    turns: list[str] = []

    def trial(name: str) -> float:
        turns.append(name)
        return float(len(turns))

    found = alternate({"a": lambda: trial("a"), "b": lambda: trial("b")}, 2, lambda _: None)
    assert turns == ["a", "b", "a", "b"]
    assert [reading.samples for reading in found] == [(1.0, 3.0), (2.0, 4.0)]


def test_a_rate_counts_things_per_second() -> None:
    """Work that takes no time has a rate above any other."""
    assert rate(1_000, lambda: None) > 1_000


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_percentile_is_a_sample_that_enough_samples_do_not_exceed(samples: list[float]) -> None:
    """At least the share asked for lies at or below it."""
    for wanted in (0.5, 0.95, 0.99):
        found = percentile(samples, wanted)
        assert found in samples
        assert sum(sample <= found for sample in samples) >= wanted * len(samples) - 1e-9


@pytest.mark.parametrize(
    ("value", "text"), [(1234567.0, "1,234,567"), (99.94, "99.9"), (3.456, "3.46"), (0.0, "0.00")]
)
def test_numbers_have_three_digits_and_no_exponent(value: float, text: str) -> None:
    """Numbers are read by people."""
    assert number(value) == text


def test_a_report_is_a_table_that_can_be_pasted() -> None:
    """Markdown: a line per contender, then goals and notes."""
    assert lines_of(REPORT)[1] == ("ours", "65.0 msg/s", "0.65", "15%")
    text = markdown(REPORT)
    assert "| ours | 65.0 msg/s | 0.65 | 15% |" in text
    assert "- at least 60% of limit: 65% (reached)" in text
    assert "- a note" in text


def test_the_summary_names_what_was_missed() -> None:
    """Missed targets are repeated at the end, where they are seen."""
    missed = Report("Door", "ms", READINGS, (at_most("p99", 300, 250, "ms"),))
    assert summary([REPORT, missed]) == "1 of 2 targets reached.\n- Door: p99: 300 ms (missed)"


def test_a_report_says_the_same_to_programs() -> None:
    """The JSON form carries values, ratios and verdicts."""
    data = REPORT.as_data()
    assert data["readings"][1]["ratio"] == pytest.approx(0.65)
    assert data["goals"][0]["reached"] is True


def test_a_seed_gives_one_history() -> None:
    """The same seed gives the same events, another one gives others."""
    assert channel_events(50, 1) == channel_events(50, 1)
    assert domain_events(50, 1) == domain_events(50, 1)
    assert not {e["id"] for e in channel_events(50, 1)} & {e["id"] for e in channel_events(50, 2)}
    assert len({e["data"]["customer"]["customer_no"] for e in one_event_each(0, 50, 1)}) == 50
