"""Whether probabilities came true: predicted against realised by decile, and the Brier score."""

from collections.abc import Sequence
from dataclasses import dataclass

DECILES = 10


@dataclass(frozen=True, slots=True)
class Decile:
    """Customers of neighbouring probability: what was predicted for them, and what they did."""

    n: int
    least: float
    most: float
    predicted: float
    realised: float


def deciles(pairs: Sequence[tuple[float, bool]], parts: int = DECILES) -> list[Decile]:
    """Return the groups of equal size in the order of the prediction; equal predictions stay together."""
    ranked = sorted(pairs)
    groups: list[list[tuple[float, bool]]] = []
    for index, pair in enumerate(ranked):
        fresh = index * parts // len(ranked) > (index - 1) * parts // len(ranked)
        same = bool(groups) and groups[-1][-1][0] == pair[0]
        if not groups or (fresh and not same):
            groups.append([])
        groups[-1].append(pair)
    return [_decile(group) for group in groups]


def _decile(group: Sequence[tuple[float, bool]]) -> Decile:
    told = [p for p, _ in group]
    came = sum(happened for _, happened in group)
    return Decile(len(group), told[0], told[-1], sum(told) / len(group), came / len(group))


def brier(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean squared difference of probability and outcome; 0 is perfect, None for nobody.

    G. W. Brier (1950): Verification of Forecasts Expressed in Terms of Probability, Monthly Weather
    Review 78.
    """
    if not pairs:
        return None
    return sum((p - happened) ** 2 for p, happened in pairs) / len(pairs)


def skill(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return 1 - Brier / Brier of always saying the base rate; None when the outcome never differs."""
    score = brier(pairs)
    if score is None:
        return None
    base = sum(happened for _, happened in pairs) / len(pairs)
    plain = base * (1 - base)
    return 1 - score / plain if plain else None
