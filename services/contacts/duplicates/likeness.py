"""How likely two contacts are one person, and why: agreement per field, weighed and added up. Pure.

A weight is the logarithm (base 2) of how much more often a level of agreement is seen between two records of
one person than between those of two people (Fellegi and Sunter, "A Theory for Record Linkage", Journal of the
American Statistical Association 64, 1969). They are set by hand, with care for common names, and judged on
records of known truth (tests/unit/contacts/test_likeness.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from services.contacts.duplicates.person import Person

PRIOR = -10.0  # log2 odds that two people who share a blocking key are one
LIKELY = 0.9  # from here on a person is asked
# Field -> (least likeness of the level, weight), best level first; the last one is for no agreement at all.
WEIGHTS: dict[str, tuple[tuple[float, float], ...]] = {
    "given name": ((0.99, 6.0), (0.88, 4.0), (0.0, -3.0)),
    "family name": ((0.99, 7.0), (0.88, 4.5), (0.0, -3.0)),
    "date of birth": ((1.0, 9.0), (0.8, 5.0), (0.0, -3.0)),
    "house number": ((1.0, 4.0), (0.0, -1.5)),
    "street and town": ((0.95, 9.0), (0.8, 7.0), (0.65, 3.0), (0.0, -3.0)),
    "postcode": ((1.0, 6.0), (0.7, 3.0), (0.0, -2.0)),
}
WORDS = ("alike", "the same")
NAMES, ADDRESS = ("given name", "family name"), ("house number", "street and town", "postcode")
UNSURE = 0.5  # the most that one kind of agreement alone is worth: many share a name or an address


@dataclass(frozen=True, slots=True)
class Likeness:
    """A probability from 0 to 1, and what speaks for it: fields alone, never their values."""

    score: float
    reasons: tuple[str, ...]


def likeness(one: Person, other: Person) -> Likeness:
    """Return how likely both are one person. Fields that one of them does not tell say nothing."""
    found = [(name, like, weight(name, like)) for name, like in _compared(one, other)]
    odds = max(-60.0, min(60.0, PRIOR + sum(w for _, _, w in found)))
    score, speaking = 1 / (1 + 2.0**-odds), [(name, like) for name, like, w in found if w > 0]
    reasons = tuple(f"{name} {WORDS[like >= 0.99]}" for name, like in speaking)
    return Likeness(score if _of_two_kinds([name for name, _ in speaking]) else min(score, UNSURE), reasons)


def _of_two_kinds(fields: Sequence[str]) -> bool:
    kinds = {"names" if f in NAMES else "address" if f in ADDRESS else f for f in fields}
    return len(kinds) > 1


def weight(name: str, like: float) -> float:
    """Return the weight of a field's likeness."""
    return next(w for least, w in WEIGHTS[name] if like >= least)


def _compared(one: Person, other: Person) -> Iterator[tuple[str, float]]:
    straight = _names(one.given, one.family, other)
    crossed = _names(one.family, one.given, other)
    yield from max(straight, crossed, key=lambda names: sum(weight(n, like) for n, like in names))
    if one.born and other.born:
        yield "date of birth", _dates(one.born, other.born)
    if one.house and other.house:
        yield "house number", float(one.house == other.house)
    if one.street and other.street:
        yield "street and town", token_sort_ratio(one.street, other.street) / 100
    if one.postcode and other.postcode:
        yield "postcode", 1 - OSA.normalized_distance(one.postcode, other.postcode)


def _names(given: str, family: str, other: Person) -> list[tuple[str, float]]:
    pairs = (("given name", given, other.given), ("family name", family, other.family))
    return [(name, JaroWinkler.similarity(a, b)) for name, a, b in pairs if a and b]


def _dates(one: str, other: str) -> float:
    """Return 1 for the same date, 0.8 and more for one slip of the pen or day and month exchanged."""
    if len(one) == len(other) == 8 and one == other[:4] + other[6:] + other[4:6]:
        return 0.9
    return max(0.0, 1 - OSA.distance(one, other) / 5)
