"""Rating: the limits by which customers are rated, published in versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from services.analytics.domain.scale import TIER_SHARES, TIERS
from shared.decide.decider import Decider
from shared.errors import FieldError, Invalid
from shared.values import Between, Id, Length, Positive, Share

CUTS = len(TIERS) - 1
STANDING_RATING = "standing"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where tiers, the stage lapsed and churn risk begin.

    `tier_shares` are the percentages of the buyers up to which a tier below the top one goes, lowest first.
    A customer has lapsed `lapsed_after_days` after the last order. The churn score is the days of silence
    over `lost_gaps` times the median gap between the customer's days of order, once there are
    `least_order_days` of them; the risk is raised at `raised_at` and eased under `eased_under`.
    """

    tier_shares: Annotated[tuple[Annotated[int, Between(1, 99)], ...], Length(CUTS, CUTS)]
    lapsed_after_days: Annotated[int, Between(1, 3_650)]
    least_order_days: Annotated[int, Between(2, 100)]
    lost_gaps: Annotated[int, Between(1, 20)]
    raised_at: Share
    eased_under: Share


@dataclass(frozen=True, slots=True)
class PublishRating:
    """Rate everybody by these limits from now on; what was said before stays."""

    rating_id: Id
    limits: Limits


@dataclass(frozen=True, slots=True)
class RatingPublished:
    """From now on customers are rated by these limits."""

    rating_id: Id
    version: Positive
    limits: Limits


Rating = RatingPublished
# In force until another is published. A customer who orders every g days is at risk when silent for 3 g, and
# no longer when silent for under 2 g.
FIRST = Rating(STANDING_RATING, 1, Limits(TIER_SHARES, 365, 3, 4, "0.75", "0.5"))


def decide(rating: Rating, command: PublishRating) -> list[Any]:
    """There is one rating, and the same limits again are no news. Raises Invalid."""
    if command.rating_id != STANDING_RATING:
        raise Invalid(FieldError("/id", f"needs to be {STANDING_RATING}: there is one rating"))
    if errors := list(_wrong(command.limits)):
        raise Invalid(*errors)
    if command.limits == rating.limits:
        return []
    return [RatingPublished(command.rating_id, rating.version + 1, command.limits)]


def _wrong(limits: Limits) -> Iterator[FieldError]:
    if any(later <= share for share, later in pairwise(limits.tier_shares)):
        yield FieldError("/limits/tier_shares", "need to rise")
    if not Decimal(limits.raised_at):
        yield FieldError("/limits/raised_at", "needs to be above 0: nobody would be without risk")
    if Decimal(limits.eased_under) > Decimal(limits.raised_at):
        yield FieldError("/limits/eased_under", "needs to be at most raised_at")


RATING: Decider[Rating] = Decider(
    category="rating",
    service="analytics",
    initial=FIRST,
    decide=decide,
    evolve=lambda _, event: event,
    events=(RatingPublished,),
    commands={"publish": PublishRating},
    opens=(PublishRating,),
)
