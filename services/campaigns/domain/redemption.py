"""Redemption: which offer an order used; one for each order (S-11)."""

from dataclasses import dataclass, replace
from typing import Any

from shared.decide.decider import Decider
from shared.values import Code, Id

SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class ClaimRedemption:
    """An order was placed with a code."""

    order_id: Id
    code: Code


@dataclass(frozen=True, slots=True)
class ReleaseRedemption:
    """The order was cancelled."""

    order_id: Id


@dataclass(frozen=True, slots=True)
class RedemptionClaimed:
    """The order names a code of this offer; whether it holds is for the offer to say."""

    order_id: Id
    offer_id: Id
    code: Code


@dataclass(frozen=True, slots=True)
class RedemptionReleased:
    """The order is off, and with it what it redeemed."""

    order_id: Id
    offer_id: Id


@dataclass(frozen=True, slots=True)
class Redemption:
    """What an order claimed, and whether that is over."""

    offer_id: str | None = None
    released: bool = False


def offer_of(code: str) -> str:
    """Return the offer a code belongs to: `SPRING10` or `SPRING10.X7K2` belong to `SPRING10`."""
    return code.partition(SEPARATOR)[0]


def decide(redemption: Redemption, command: Any) -> list[Any]:
    """The first code of an order counts, and is released once."""
    if isinstance(command, ClaimRedemption):
        claimed = RedemptionClaimed(command.order_id, offer_of(command.code), command.code)
        return [] if redemption.offer_id else [claimed]
    if redemption.offer_id is None or redemption.released:
        return []
    return [RedemptionReleased(command.order_id, redemption.offer_id)]


def evolve(redemption: Redemption, event: Any) -> Redemption:
    """Return the redemption after the event."""
    if isinstance(event, RedemptionClaimed):
        return Redemption(event.offer_id)
    return replace(redemption, released=True)


REDEMPTION = Decider(
    category="redemption",
    service="campaigns",
    initial=Redemption(),
    decide=decide,
    evolve=evolve,
    events=(RedemptionClaimed, RedemptionReleased),
    opens=(ClaimRedemption,),
)
