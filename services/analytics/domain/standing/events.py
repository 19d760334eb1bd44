"""What is said of a customer's standing: six events for everybody, four that keep account of merges."""

from dataclasses import dataclass
from typing import Literal

from shared.values import Code, Id, Positive, Share, Text

Tier = Literal["top", "high", "middle", "low"]
Stage = Literal["anonymous", "prospect", "customer", "lapsed"]


@dataclass(frozen=True, slots=True)
class Membership:
    """A segment the customer belongs to, and the version of the rule that first said so."""

    segment_id: Id
    segment_version: Positive


@dataclass(frozen=True, slots=True)
class CustomerValueTierChanged:
    """The customer's value lies in another tier; none before the first and when nothing is left."""

    customer: Id
    model_version: Code
    from_tier: Tier | None = None
    to_tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class ChurnRiskRaised:
    """The customer is likely to be lost: `score` from 0 to 1, and why."""

    customer: Id
    score: Share
    reasons: tuple[Text, ...]
    model_version: Code


@dataclass(frozen=True, slots=True)
class ChurnRiskEased:
    """The customer is no longer likely to be lost."""

    customer: Id
    score: Share
    model_version: Code


@dataclass(frozen=True, slots=True)
class LifecycleStageChanged:
    """The customer is in another stage; it happened at the moment the event occurred."""

    customer: Id
    to_stage: Stage
    from_stage: Stage | None = None
    model_version: Code = "stage-1"


@dataclass(frozen=True, slots=True)
class SegmentEntered:
    """The rule of a segment picks the customer now."""

    customer: Id
    segment_id: Id
    segment_version: Positive


@dataclass(frozen=True, slots=True)
class SegmentExited:
    """The rule of a segment picks the customer no more, or the segment was retired."""

    customer: Id
    segment_id: Id
    segment_version: Positive


@dataclass(frozen=True, slots=True)
class StandingJoined:
    """Two customers are one: what was said of the absorbed and is true of both goes on here, unsaid."""

    customer: Id
    absorbed: Id
    segments: tuple[Membership, ...] = ()
    tier: Tier | None = None
    stage: Stage | None = None
    at_risk: bool | None = None


@dataclass(frozen=True, slots=True)
class StandingParted:
    """The merge was undone: what was taken over from the absorbed is theirs again."""

    customer: Id
    absorbed: Id


@dataclass(frozen=True, slots=True)
class StandingAbsorbed:
    """The customer goes on as another one; nothing is said of this one until they part."""

    customer: Id
    survivor: Id


@dataclass(frozen=True, slots=True)
class StandingReleased:
    """The customer stands alone again, as before the merge."""

    customer: Id


EVENTS = (
    CustomerValueTierChanged, ChurnRiskRaised, ChurnRiskEased, LifecycleStageChanged, SegmentEntered,
    SegmentExited, StandingJoined, StandingParted, StandingAbsorbed, StandingReleased,
)  # fmt: skip
