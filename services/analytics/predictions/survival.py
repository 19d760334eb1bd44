"""Contractual churn: how long agreements last, with those that still run counted as far as they are known.

E. L. Kaplan, P. Meier (1958): Nonparametric Estimation from Incomplete Observations, JASA 53.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Step:
    """At this age `ended` of `at_risk` agreements ended; `survival` is the share that outlives it.

    `error` is its standard error (M. Greenwood 1926).
    """

    age: int
    at_risk: int
    ended: int
    survival: float
    error: float


def curve(lives: Sequence[tuple[int, bool]]) -> list[Step]:
    """Return the curve of (age in days, whether it has ended), one step per age at which one ended."""
    steps: list[Step] = []
    survival, greenwood = 1.0, 0.0
    ages, ends = sorted(age for age, _ in lives), Counter(age for age, over in lives if over)
    for age, ended in sorted(ends.items()):
        at_risk = len(ages) - bisect_left(ages, age)
        survival *= 1 - ended / at_risk
        greenwood += ended / (at_risk * (at_risk - ended)) if at_risk > ended else 0.0
        steps.append(Step(age, at_risk, ended, survival, survival * sqrt(greenwood)))
    return steps


def surviving(steps: Sequence[Step], age: int) -> float:
    """Return the share that is older than `age` days."""
    return next((step.survival for step in reversed(steps) if step.age <= age), 1.0)


def ends_within(steps: Sequence[Step], age: int, days: int) -> float | None:
    """Return the probability that an agreement of this age ends in the next days: 1 - S(age + days) / S(age).

    None when no agreement was ever seen that old.
    """
    now = surviving(steps, age)
    return 1 - surviving(steps, age + days) / now if now else None


def median(steps: Sequence[Step]) -> int | None:
    """Return the age by which half of all agreements have ended, None while more than half outlive all."""
    return next((step.age for step in steps if step.survival <= 0.5), None)
