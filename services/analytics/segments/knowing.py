"""From the stored traits of a customer to the facts that rules ask for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.analytics.segments.rating import Buying, Yardstick, scores, stages, tier_of
from services.analytics.views.customer.consents import counting
from services.analytics.views.traits import BEFORE, label
from shared.events.clock import parse_rfc3339
from shared.segments import Facts
from shared.segments.evaluate import day_of
from shared.segments.signals import EVER, Steps

View = Mapping[str, Any]
_NOTHING: View = {}


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a customer, and what they were made of."""

    facts: Facts
    buying: Buying
    identified: int | None
    erased: bool


def known_of(traits: View, profile: Mapping[str, str | None], by: Yardstick) -> Known:
    """Return what is known of a customer; `profile` holds opened values of the fields that are asked for."""
    days = {name: _days(counter) for name, counter in traits.get("days", _NOTHING).items()}
    before = {name: counter.get(BEFORE, 0) for name, counter in traits.get("days", _NOTHING).items()}
    net = {
        name.partition("/")[2]: sum(counter.values()) + before[name]
        for name, counter in days.items()
        if name.startswith("net_value/")
    }
    buying = Buying(days.get("orders", {}), net)
    moment: datetime | None = traits.get("identified_at")
    identified = day_of(moment) if moment else None
    facts = Facts(
        {_path(name): counter for name, counter in days.items()},
        {_path(name): amount for name, amount in before.items()},
        _values(traits, profile, buying, by),
        _steps(traits, buying, identified, by),
    )
    return Known(facts, buying, identified, "erased_at" in traits)


def _values(traits: View, profile: Mapping[str, str | None], buying: Buying, by: Yardstick) -> dict[str, Any]:
    told = {f"demographics.{name}": text for name, text in profile.items() if text is not None}
    stated = {f"preferences.{name}": p["value"] for name, p in traits.get("preferences", _NOTHING).items()}
    asked = {f"behaviour.survey.{kind}": s["value"] for kind, s in traits.get("surveys", _NOTHING).items()}
    tier = {"behaviour.value_tier": tier_of(buying, by.scale)}
    return {**told, **stated, **asked, **tier, "behaviour.open_tickets": len(traits.get("open_tickets", ()))}


def _steps(traits: View, buying: Buying, identified: int | None, by: Yardstick) -> dict[str, Steps]:
    rated = {f"behaviour.{name}": steps for name, steps in scores(buying, by.scale).items()}
    said = traits.get("consents", _NOTHING)
    consents = {
        f"preferences.consent.{label(entry['purpose'])}.{label(entry['channel'])}": _consent(said, entry)
        for entry in said.values()
    }
    return {**rated, **consents, "behaviour.lifecycle_stage": stages(identified, buying.orders, by.rating)}


def _consent(said: View, entry: View) -> Steps:
    """A consent that runs out on a day is not in force on that day."""
    last = counting(said, entry["purpose"], entry["channel"])
    steps: list[tuple[int, bool]] = [(EVER, last["granted"])]
    if last["granted"] and last.get("expires_at"):
        steps.append((day_of(parse_rfc3339(last["expires_at"])), False))
    return Steps(steps)


def _days(counter: View) -> dict[int, int]:
    return {int(day): amount for day, amount in counter.items() if day != BEFORE}


def _path(name: str) -> str:
    return name.replace("/", ".")
