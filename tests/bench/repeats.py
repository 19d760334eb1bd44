"""Repeating in turns, because a machine drifts: A B C A B C, never A A A."""

import time
from collections.abc import Callable, Mapping
from math import ceil

from tests.bench.report import Reading

Trial = Callable[[], float]


def alternate(trials: Mapping[str, Trial], repeats: int, say: Callable[[str], None]) -> tuple[Reading, ...]:
    """Run every trial `repeats` times in turns; a trial returns its value."""
    found: dict[str, list[float]] = {name: [] for name in trials}
    for turn in range(repeats):
        for name, trial in trials.items():
            say(f"{name} ({turn + 1} of {repeats})")
            found[name].append(trial())
    return tuple(Reading(name, tuple(samples)) for name, samples in found.items())


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many of `count` things per second `work` did."""
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def percentile(samples: list[float], share: float) -> float:
    """Return the smallest sample that at least this share of the samples does not exceed."""
    ordered = sorted(samples)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]
