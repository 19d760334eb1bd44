"""What has been said of a customer, and what was taken over from others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.analytics.domain.standing import events as e


@dataclass(frozen=True, slots=True)
class Taken:
    """What a merge added, with the own values it replaced: parting brings them back."""

    segments: frozenset[str] = frozenset()
    tier: tuple[e.Tier | None, e.Tier | None] | None = None
    stage: tuple[e.Stage | None, e.Stage | None] | None = None
    at_risk: tuple[bool, bool] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """`segments` gives the version of the rule at entry; `survivor` is who this customer goes on as."""

    segments: Mapping[str, int] = field(default_factory=dict)
    tier: e.Tier | None = None
    stage: e.Stage | None = None
    at_risk: bool = False
    survivor: str | None = None
    taken: Mapping[str, Taken] = field(default_factory=dict)


def _entered(standing: Standing, event: e.SegmentEntered) -> Standing:
    return replace(standing, segments={**standing.segments, event.segment_id: event.segment_version})


def _exited(standing: Standing, event: e.SegmentExited) -> Standing:
    """What was taken over and said to be over is settled here: parting does not bring it back."""
    taken = {
        ref: replace(one, segments=one.segments - {event.segment_id}) for ref, one in standing.taken.items()
    }
    return replace(standing, segments=without(standing.segments, event.segment_id), taken=taken)


def _joined(standing: Standing, event: e.StandingJoined) -> Standing:
    new = {m.segment_id: m.segment_version for m in event.segments}
    taken = Taken(
        frozenset(new),
        (standing.tier, event.tier) if event.tier else None,
        (standing.stage, event.stage) if event.stage else None,
        (standing.at_risk, event.at_risk) if event.at_risk is not None else None,
    )
    return replace(
        standing,
        segments={**standing.segments, **new},
        tier=event.tier or standing.tier,
        stage=event.stage or standing.stage,
        at_risk=standing.at_risk if event.at_risk is None else event.at_risk,
        taken={**standing.taken, event.absorbed: taken},
    )


def _parted(standing: Standing, event: e.StandingParted) -> Standing:
    """What has been said since the merge stays; of what has not, the own value is back."""
    was = standing.taken.get(event.absorbed, Taken())
    return replace(
        standing,
        segments={key: v for key, v in standing.segments.items() if key not in was.segments},
        tier=_back(standing.tier, was.tier),
        stage=_back(standing.stage, was.stage),
        at_risk=_back(standing.at_risk, was.at_risk),
        taken=without(standing.taken, event.absorbed),
    )


def _back(now: Any, taken: tuple[Any, Any] | None) -> Any:
    return taken[0] if taken is not None and taken[1] == now else now


def without(known: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the mapping without one key."""
    return {name: value for name, value in known.items() if name != key}


EVOLVE: Mapping[type, Callable[[Standing, Any], Standing]] = {
    e.CustomerValueTierChanged: lambda standing, event: replace(standing, tier=event.to_tier),
    e.ChurnRiskRaised: lambda standing, _: replace(standing, at_risk=True),
    e.ChurnRiskEased: lambda standing, _: replace(standing, at_risk=False),
    e.LifecycleStageChanged: lambda standing, event: replace(standing, stage=event.to_stage),
    e.SegmentEntered: _entered,
    e.SegmentExited: _exited,
    e.StandingJoined: _joined,
    e.StandingParted: _parted,
    e.StandingAbsorbed: lambda standing, event: replace(standing, survivor=event.survivor),
    e.StandingReleased: lambda standing, _: replace(standing, survivor=None),
}


def evolve(standing: Standing, event: Any) -> Standing:
    """Return the standing after the event."""
    return EVOLVE[type(event)](standing, event)


def summary(standing: Standing) -> Mapping[str, Any] | None:
    """Return the line of the customer in lists; who goes on as another is in none."""
    if standing.survivor is not None:
        return None
    return {
        "segments": sorted(standing.segments),
        "tier": standing.tier,
        "stage": standing.stage,
        "at_risk": standing.at_risk,
    }
