"""When to calibrate the scale, and on whom: all buyers, once there are a tenth more of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.analytics.domain.scale import FIFTHS, TIER_SHARES, Calibrate, Worth, cuts
from services.analytics.segments.criteria import VALUE
from services.analytics.segments.knowing import known_of
from services.analytics.segments.rating import Buying
from services.analytics.views.traits import TRAITS
from shared.decide import Context, Streams
from shared.events import Event, Meta
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.project.pointer import Views
from shared.segments.evaluate import day_of
from shared.store.client import answering

GROWN_PERCENT = 10
PAUSE_SECONDS = 5.0


@dataclass
class Calibrating:
    """Counts buyers some time after orders have come; reads all of them only when there are enough more."""

    views: Views
    scales: Streams[Any]
    clock: Clock
    _heard: bool = True
    _next: float = 0.0
    _buyers: int = 0

    @property
    def pending(self) -> bool:
        """Whether buyers are to be counted: soon after orders came."""
        return self._heard

    def hear(self, events: Iterable[Event]) -> None:
        """Note that somebody bought."""
        self._heard = self._heard or any(event.type == "OrderPlaced" for event in events)

    def step(self, position: int) -> None:
        """Calibrate when there are enough more buyers than at the last time. Raises Unavailable."""
        if not self._heard or self.clock().timestamp() < self._next:
            return
        self._heard, self._next = False, self.clock().timestamp() + PAUSE_SECONDS
        scale = self.scales.refresh([VALUE])[VALUE].state
        known = max(self._buyers, scale.buyers if scale else 0)
        with answering():
            buyers = self.views.collection(TRAITS.name).count_documents({"buyer": True})
        if buyers * 100 >= known * (100 + GROWN_PERCENT) and buyers:
            self.calibrate(position)
            self._buyers = buyers

    def calibrate(self, position: int) -> None:
        """Calibrate on all buyers there are. Raises Unavailable."""
        with answering():
            found = self.views.collection(TRAITS.name).find({"buyer": True})
            bought = [known_of(traits, {}, None).buying for traits in found]
        command_id = derived("calibrate", str(position))
        meta = Meta(command_id, derived("correlation", command_id), actor="system:standing")
        at = self.clock()
        self.scales.handle(VALUE, calibration(bought, day_of(at)), Context(at, meta))


def calibration(bought: Sequence[Buying], today: int) -> Calibrate:
    """Return the cut points that these buyers give on a day."""
    if not bought:
        return Calibrate(VALUE, 0, (), (), ())
    lately = [max(0, today - max(buying.orders)) for buying in bought]
    often = [sum(buying.orders.values()) for buying in bought]
    return Calibrate(VALUE, len(bought), cuts(lately, FIFTHS), cuts(often, FIFTHS), tuple(_worths(bought)))


def _worths(bought: Sequence[Buying]) -> Iterable[Worth]:
    by_currency: dict[str, list[int]] = {}
    for buying in bought:
        if buying.currency:
            by_currency.setdefault(buying.currency, []).append(buying.net[buying.currency])
    for currency, values in sorted(by_currency.items()):
        yield Worth(currency, cuts(values, TIER_SHARES), cuts(values, FIFTHS))
