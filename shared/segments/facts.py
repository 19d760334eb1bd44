"""What is known of one customer, as rules ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.segments.signals import NOTHING, Constant, Elapsed, Signal, Steps, Window
from shared.values import MINOR_DIGITS

Days = Mapping[int, int]
_NONE: Days = {}


@dataclass(frozen=True, slots=True)
class Facts:
    """`days` holds amounts by day of every fact that is counted, by its path below behaviour.

    `before` holds what lies so far back that no window reaches it; `values` what time does not change, by its
    whole path; `steps` what changes on known days. Money is in minor units.
    """

    days: Mapping[str, Days] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    steps: Mapping[str, Steps] = field(default_factory=dict)
    _made: dict[tuple[str, int | None], Signal] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def signal(self, fact: str, within: int | None = None) -> Signal:
        """Return what a fact is on any day; a fact nothing is known of is nothing or, counted, zero."""
        known = self._made.get((fact, within))
        if known is None:
            known = self._made[fact, within] = self._signal(fact, within)
        return known

    def _signal(self, fact: str, within: int | None) -> Signal:
        if fact in self.steps:
            return self.steps[fact]
        if fact in self.values:
            return Constant(self.values[fact])
        kind, _, path = fact.partition(".")
        return self._behaviour(path, within) if kind == "behaviour" else NOTHING

    def _behaviour(self, path: str, within: int | None) -> Signal:
        name, _, label = path.partition(".")
        match name:
            case "last_order_days" | "first_order_days":
                return Elapsed(sorted(self.days.get("orders", _NONE)), first=name.startswith("first"))
            case "last_seen_days":
                return Elapsed(sorted(self.days.get("interactions", _NONE)))
            case "survey" | "value_tier" | "lifecycle_stage":
                return NOTHING
            case "recency_score" | "frequency_score" | "monetary_score":
                return NOTHING
        digits = MINOR_DIGITS.get(label, 2) if name == "net_value" else 0
        return Window(self.days.get(path, _NONE), within, digits, self.before.get(path, 0))
