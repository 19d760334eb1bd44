"""What is derived of the customer: segments with the day of entry, value tier, lifecycle stage, churn risk.

It is kept by the ref that it was said of, each from a stream of its own, so merging and parting leave no
mark; who goes on as another ref is shown with that one.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, stamp, with_item
from shared.events import Event

_NOTHING: Mapping[str, Any] = {}
Tell = Callable[[State, Event], State]


def _entered(known: State, event: Event) -> State:
    entry = stamp(event, version=event.data["segment_version"])
    return with_item(known, "segments", event.data["segment_id"], entry)


def _exited(known: State, event: Event) -> State:
    return with_item(known, "segments", event.data["segment_id"], None)


def _tiered(known: State, event: Event) -> State:
    model = event.data["model_version"]
    return {**known, "tier": stamp(event, value=event.data.get("to_tier"), model_version=model)}


def _staged(known: State, event: Event) -> State:
    stage, model = event.data["to_stage"], event.data.get("model_version")
    said = stamp(event, value=stage, model_version=model)
    return {**with_item(known, "stages", stage, event.occurred_at), "stage": said}


def _raised(known: State, event: Event) -> State:
    data = event.data
    return {**known, "risk": stamp(event, **{n: data[n] for n in ("score", "reasons", "model_version")})}


def _eased(known: State, _: Event) -> State:
    """The risk is over, whoever it was taken over from."""
    rest = {
        ref: {name: value for name, value in each.items() if name != "at_risk"}
        for ref, each in known.get("taken", _NOTHING).items()
    }
    return {**known, "risk": None, "taken": rest}


def _joined(known: State, event: Event) -> State:
    """Remember from whom something is taken over: the date of entry is theirs."""
    data, absorbed = event.data, event.data["absorbed"]
    taken = {name: data[name] for name in ("tier", "stage", "at_risk") if data.get(name) is not None}
    state = with_item(known, "taken", absorbed, stamp(event, **taken))
    for segment in data.get("segments", ()):
        entry = stamp(event, version=segment["segment_version"], origin=absorbed)
        state = with_item(state, "segments", segment["segment_id"], entry)
    return state


def _parted(known: State, event: Event) -> State:
    absorbed = event.data["absorbed"]
    segments = known.get("segments", _NOTHING)
    kept = {key: entry for key, entry in segments.items() if entry.get("origin") != absorbed}
    return {**with_item(known, "taken", absorbed, None), "segments": kept}


TOLD: Mapping[str, Tell] = {
    "SegmentEntered": _entered,
    "SegmentExited": _exited,
    "CustomerValueTierChanged": _tiered,
    "LifecycleStageChanged": _staged,
    "ChurnRiskRaised": _raised,
    "ChurnRiskEased": _eased,
    "StandingJoined": _joined,
    "StandingParted": _parted,
    "StandingAbsorbed": lambda known, event: {**known, "survivor": event.data["survivor"]},
    "StandingReleased": lambda known, _: {**known, "survivor": None},
}


def project(standing: State, event: Event) -> dict[str, Any]:
    """Follow the stream of the ref that the event speaks of."""
    ref = event.data["customer"]
    known = standing.get("refs", _NOTHING).get(ref, _NOTHING)
    return with_item(standing, "refs", ref, TOLD[event.type](known, event))


def show(standing: State, at: datetime) -> dict[str, Any]:  # noqa: ARG001 - a section's signature
    """Return what holds for the customer."""
    refs = standing.get("refs", _NOTHING)
    own = {ref: known for ref, known in refs.items() if not known.get("survivor")}
    stages: dict[str, datetime] = {}
    for known in refs.values():
        for stage, since in known.get("stages", _NOTHING).items():
            stages[stage] = min(since, stages.get(stage, since))
    tier, stage = _last(refs, "tier"), _last(refs, "stage")
    models = {"tier": tier.get("model_version"), "stage": stage.get("model_version")}
    return {
        "segments": dict(sorted(segments_of(standing).items())),
        "tier": tier.get("value"),
        "stage": stage.get("value") or "anonymous",
        "model_versions": {name: model for name, model in models.items() if model},
        "stages": stages,
        "churn_risk": next((risk for known in refs.values() if (risk := known.get("risk"))), None)
        if _at_risk(own)
        else None,
    }


def segments_of(standing: State) -> dict[str, dict[str, Any]]:
    """Return the segments of the customer with version and moment of entry."""
    refs, found = standing.get("refs", _NOTHING), dict[str, dict[str, Any]]()
    for known in refs.values():
        if known.get("survivor"):
            continue
        for key, entry in known.get("segments", _NOTHING).items():
            origin = refs.get(entry.get("origin"), _NOTHING).get("segments", _NOTHING).get(key, entry)
            found[key] = {"segment_version": origin["version"], "entered_at": origin["at"]}
    return found


def _last(refs: Mapping[str, State], name: str) -> State:
    return max(_said(refs, name), key=lambda each: (each["at"], each["by"]), default=_NOTHING)


def _said(refs: Mapping[str, State], name: str) -> Iterator[State]:
    """Yield what was said of who stands alone; what was taken over is by the model that said it first."""
    for known in refs.values():
        if known.get("survivor"):
            continue
        if name in known:
            yield known[name]
        for absorbed, each in known.get("taken", _NOTHING).items():
            if name in each:
                model = refs.get(absorbed, _NOTHING).get(name, _NOTHING).get("model_version")
                yield {**each, "value": each[name], "model_version": model}


def _at_risk(refs: Mapping[str, State]) -> bool:
    own = any(known.get("risk") for known in refs.values())
    return own or any(
        each.get("at_risk") for known in refs.values() for each in known.get("taken", _NOTHING).values()
    )


SECTION = Section("standing", frozenset(TOLD), project, show=show)
