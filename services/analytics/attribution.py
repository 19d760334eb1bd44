"""Attribution: which touches a conversion is owed to, by seven models whose credits sum exactly.

The models are the common ones: first, last, last non-direct, linear, position-based (40/20/40), W-shaped
(30/30/30/10) and time decay. Pure; money is in minor units.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from shared.days import DAY

Weights = list[Fraction]


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact before a conversion: when, by which campaign or channel, whether the person came alone."""

    at: datetime
    by: str
    event_id: str
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a result depends on besides the touches, to be told with it.

    Only touches of the last `window_days` before the conversion count; a touch counts half as much
    `half_life_days` earlier (time decay).
    """

    window_days: int = 90
    half_life_days: float = 7.0


@dataclass(frozen=True, slots=True)
class Path:
    """The touches inside the window, oldest first, and when the lead and the conversion came."""

    touches: Sequence[Touch]
    converted_at: datetime
    lead_at: datetime | None = None


def path(
    touches: Sequence[Touch],
    converted_at: datetime,
    lead_at: datetime | None = None,
    terms: Terms | None = None,
) -> Path:
    """Return the path to a conversion: the touches inside the window, in the order of time."""
    begin = converted_at - (terms or Terms()).window_days * DAY
    inside = [t for t in touches if begin <= t.at <= converted_at]
    return Path(sorted(inside, key=lambda t: (t.at, t.event_id)), converted_at, lead_at)


def weights(model: str, path: Path, terms: Terms | None = None) -> Weights:
    """Return the share of every touch; the shares sum to exactly 1. Raises KeyError for an unknown model."""
    if not path.touches:
        return []
    shares = MODELS[model](path, terms or Terms())
    whole = sum(shares)
    return [share / whole for share in shares]


def credits_of(model: str, path: Path, value: int, terms: Terms | None = None) -> list[int]:
    """Return what of `value` (minor units) each touch earned: the credits sum to `value` exactly.

    Shares are rounded down; what is left goes, a unit each, to the largest remainders, the earliest first.
    """
    shares = [share * abs(value) for share in weights(model, path, terms)]
    whole = [int(share) for share in shares]
    rest = abs(value) - sum(whole) if shares else 0
    by_remainder = sorted(range(len(shares)), key=lambda i: (whole[i] - shares[i], i))
    for index in by_remainder[:rest]:
        whole[index] += 1
    return [units if value >= 0 else -units for units in whole]


def _only(index: int, count: int) -> Weights:
    return [Fraction(int(i == index)) for i in range(count)]


def _first(path: Path, _: Terms) -> Weights:
    return _only(0, len(path.touches))


def _last(path: Path, _: Terms) -> Weights:
    return _only(len(path.touches) - 1, len(path.touches))


def _last_non_direct(path: Path, terms: Terms) -> Weights:
    """The last touch the company made; when the person always came alone, the last one."""
    made = [i for i, touch in enumerate(path.touches) if not touch.direct]
    return _only(made[-1], len(path.touches)) if made else _last(path, terms)


def _linear(path: Path, _: Terms) -> Weights:
    return [Fraction(1)] * len(path.touches)


def _position(path: Path, _: Terms) -> Weights:
    """40 % first, 40 % last, 20 % between; two touches share, one has all."""
    last = len(path.touches) - 1
    return _shaped(len(path.touches), [(0, Fraction(40)), (last, Fraction(40))], Fraction(20))


def _w(path: Path, _: Terms) -> Weights:
    """30 % first, 30 % what made the lead, 30 % last, 10 % the others; without a lead 45/45/10."""
    last = len(path.touches) - 1
    if path.lead_at is None:
        return _shaped(len(path.touches), [(0, Fraction(45)), (last, Fraction(45))], Fraction(10))
    lead = max((i for i, t in enumerate(path.touches) if t.at <= path.lead_at), default=0)
    peaks = [(0, Fraction(30)), (lead, Fraction(30)), (last, Fraction(30))]
    return _shaped(len(path.touches), peaks, Fraction(10))


def _time_decay(path: Path, terms: Terms) -> Weights:
    """w = 2^(-days before the conversion / half-life)."""
    ages = [(path.converted_at - touch.at) / DAY for touch in path.touches]
    return [Fraction(2.0 ** (-age / terms.half_life_days)) for age in ages]


def _shaped(count: int, peaks: list[tuple[int, Fraction]], rest: Fraction) -> Weights:
    """Give the peaks their shares and the others the rest in equal parts; a touch may be several peaks."""
    shares = [Fraction(0)] * count
    for index, share in peaks:
        shares[index] += share
    others = [i for i in range(count) if shares[i] == 0]
    for index in others:
        shares[index] = rest / len(others)
    return shares


MODELS: Mapping[str, Callable[[Path, Terms], Weights]] = {
    "first": _first,
    "last": _last,
    "last_non_direct": _last_non_direct,
    "linear": _linear,
    "position": _position,
    "w": _w,
    "time_decay": _time_decay,
}
