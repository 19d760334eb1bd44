"""One customer assessed: who picks them, what they amount to, and when time alone changes that. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.analytics.domain.standing import Standing
from services.analytics.domain.standing.commands import Assess
from services.analytics.domain.standing.events import Membership
from services.analytics.segments.knowing import Known, known_of
from services.analytics.segments.rating import Yardstick, tier_of
from services.analytics.segments.risk import churn
from services.analytics.views.segments import Segment, Version, asked_of
from shared.privacy import Vault
from shared.privacy.keeping import over
from shared.privacy.sealing import is_sealed
from shared.segments import evaluate
from shared.segments.evaluate import day_of, midnight

View = Mapping[str, Any]
Fields = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Criteria:
    """By what customers are assessed: the rules in force, and the yardstick."""

    rules: Mapping[str, Version]
    yardstick: Yardstick = field(default_factory=Yardstick)

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the profile that the rules ask for."""
        return asked_of(version.rule for version in self.rules.values())


def criteria_of(segments: Iterable[Segment], yardstick: Yardstick) -> Criteria:
    """Return the criteria in force."""
    return Criteria({s.id: s.current for s in segments if s.status == "active"}, yardstick)


def assessed(
    ref: str, traits: View, profile: Fields, by: Criteria, at: datetime, said: Standing
) -> tuple[Assess, datetime | None]:
    """Return what is true of a customer at a moment, and the next at which it is not for sure any more."""
    stick = by.yardstick
    known = known_of(traits, profile, stick)
    if known.erased:
        return Assess(ref, tier=said.tier), None
    verdicts = {key: evaluate(version.rule, known.facts, at) for key, version in by.rules.items()}
    today = day_of(at)
    risk, silent = churn(known.buying.orders, today, stick)
    stage, since, turn = _stage(traits, known, today)
    assess = Assess(
        ref,
        tuple(Membership(key, by.rules[key].number) for key, v in verdicts.items() if v.member),
        stage,
        since,
        stick.models["stage"],
        tier_of(known.buying, stick.scale),
        stick.models["tier"],
        risk,
    )
    days = [midnight(day) for day in (silent, turn) if day is not None]
    return assess, min([*days, *(v.next for v in verdicts.values() if v.next)], default=None)


def _stage(traits: View, known: Known, today: int) -> tuple[Any, datetime | None, int | None]:
    """Return the stage, when it began, and the day on which the next one does."""
    steps = known.facts.steps["behaviour.lifecycle_stage"].steps
    begun = [(day, stage) for day, stage in steps if day <= today]
    since, stage = begun[-1]
    turn = next((day for day, _ in steps if day > today), None)
    exact = {"prospect": traits.get("identified_at"), "customer": traits.get("first_order_at")}.get(stage)
    if exact is not None and day_of(exact) == since:
        return stage, exact, turn
    return stage, midnight(since) if len(begun) > 1 else None, turn


def opened(vault: Vault, views: Sequence[View], fields: frozenset[str], now: datetime) -> list[Fields]:
    """Return what may still be kept of several profiles, in the clear; the keys are read once."""
    parts = [
        (index, name, part)
        for index, view in enumerate(views)
        for name, part in view.get("profile", {}).items()
        if name in fields and part["value"] and not over(part, now)
    ]
    profiles: list[dict[str, str | None]] = [{} for _ in views]
    for index, name, part in parts:
        profiles[index][name] = None if is_sealed(part["value"]) else part["value"]
    sealed = [(index, name, part) for index, name, part in parts if is_sealed(part["value"])]
    texts = vault.open_many([(part["value"], part["stream"], "to") for _, _, part in sealed])
    for (index, name, _), text in zip(sealed, texts, strict=True):
        profiles[index][name] = text
    return [*profiles]
