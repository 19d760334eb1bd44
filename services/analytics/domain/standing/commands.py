"""What a standing is told: how it has been assessed, and with whom it is one customer."""

from dataclasses import dataclass
from datetime import datetime

from services.analytics.domain.standing.events import Membership, Stage, Tier
from services.analytics.domain.standing.state import Standing


@dataclass(frozen=True, slots=True)
class Risk:
    """A churn score from "0" to "1", whether that is enough to raise or to ease the risk, and why."""

    score: str
    raised: bool
    eased: bool
    reasons: tuple[str, ...]
    model_version: str

    def stands(self, before: bool) -> bool:
        """Tell whether the customer is at risk; between the limits it is as it was before."""
        return self.raised or (before and not self.eased)


@dataclass(frozen=True, slots=True)
class Assess:
    """Everything that is true of the customer now; the decision is what of it is new.

    `stage_since` is when the stage began in the world. None of a part says that nothing is known of it.
    """

    customer: str
    segments: tuple[Membership, ...] = ()
    stage: Stage | None = None
    stage_since: datetime | None = None
    stage_model: str = "stage-1"
    tier: Tier | None = None
    tier_model: str = "none"
    risk: Risk | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """Take over from a customer who is one with this one now; `now` is true of the two as one."""

    customer: str
    absorbed: str
    theirs: Standing
    now: Assess


@dataclass(frozen=True, slots=True)
class Part:
    """Give back what was taken over: the two are two again."""

    customer: str
    absorbed: str


@dataclass(frozen=True, slots=True)
class Absorb:
    """Go on as another customer."""

    customer: str
    survivor: str


@dataclass(frozen=True, slots=True)
class Release:
    """Stand alone again."""

    customer: str
