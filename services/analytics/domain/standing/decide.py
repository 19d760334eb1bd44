"""What of an assessment is new: differences alone become events."""

from collections.abc import Iterator
from typing import Any

from services.analytics.domain.standing import commands as c
from services.analytics.domain.standing import events as e
from services.analytics.domain.standing.state import Standing
from shared.decide.decider import At

# Everybody is anonymous at first: no news.
UNKNOWN = "anonymous"


def decide(standing: Standing, command: Any) -> list[Any]:
    """Return what the command brings about; the same again brings nothing."""
    match command:
        case c.Assess():
            return [] if standing.survivor else [*_segments(standing, command), *_rest(standing, command)]
        case c.Join(absorbed=absorbed):
            return [] if absorbed in standing.taken else [_join(standing, command)]
        case c.Part(key, absorbed):
            return [e.StandingParted(key, absorbed)] if absorbed in standing.taken else []
        case c.Absorb(key, survivor):
            return [] if standing.survivor == survivor else [e.StandingAbsorbed(key, survivor)]
    return [e.StandingReleased(command.customer)] if standing.survivor else []


def _segments(standing: Standing, now: c.Assess) -> Iterator[Any]:
    picked = {m.segment_id: m.segment_version for m in now.segments}
    for key, version in sorted(standing.segments.items()):
        if key not in picked:
            yield e.SegmentExited(now.customer, key, version)
    for key, version in sorted(picked.items()):
        if key not in standing.segments:
            yield e.SegmentEntered(now.customer, key, version)


def _rest(standing: Standing, now: c.Assess) -> Iterator[Any]:
    if now.stage and now.stage != (standing.stage or UNKNOWN):
        changed = e.LifecycleStageChanged(now.customer, now.stage, standing.stage, now.stage_model)
        yield At(changed, now.stage_since) if now.stage_since else changed
    if now.tier != standing.tier:
        yield e.CustomerValueTierChanged(now.customer, now.tier_model, standing.tier, now.tier)
    if now.risk and now.risk.stands(standing.at_risk) != standing.at_risk:
        score, model = now.risk.score, now.risk.model_version
        raised = e.ChurnRiskRaised(now.customer, score, now.risk.reasons, model)
        yield raised if now.risk.raised else e.ChurnRiskEased(now.customer, score, model)


def _join(standing: Standing, join: c.Join) -> e.StandingJoined:
    """Of what was said of the absorbed the survivor takes what is true of both as one and new to it."""
    theirs, now = join.theirs, join.now
    true = {m.segment_id for m in now.segments}
    new = [key for key in sorted(theirs.segments) if key in true and key not in standing.segments]
    raised = now.risk.stands(standing.at_risk) if now.risk else theirs.at_risk
    return e.StandingJoined(
        join.customer,
        join.absorbed,
        tuple(e.Membership(key, theirs.segments[key]) for key in new),
        _taken(standing.tier, theirs.tier, now.tier),
        _taken(standing.stage, theirs.stage, now.stage),
        raised if raised == theirs.at_risk != standing.at_risk else None,
    )


def _taken(own: Any, theirs: Any, now: Any) -> Any:
    return theirs if now == theirs != own else None
