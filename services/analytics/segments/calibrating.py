"""When to calibrate the scale, and on whom: all buyers, once there are a tenth more, or other tiers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.analytics.domain.quantiles import cuts, whole
from services.analytics.domain.scale import Calibrate, Cuts, Worth
from services.analytics.segments.criteria import VALUE, InForce
from services.analytics.segments.knowing import known_of
from services.analytics.segments.rating import Buying, Yardstick
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
PUBLISHED = "RatingPublished"


@dataclass
class Calibrating:
    """Counts buyers some time after orders have come; reads all of them only when there are enough more.

    A rating that cuts the tiers at other shares calibrates at once, and so does a formula that is new.
    """

    views: Views
    scales: Streams[Any]
    inforce: InForce
    clock: Clock
    _heard: bool = True
    _next: float = 0.0
    _buyers: int = 0

    @property
    def pending(self) -> bool:
        """Whether buyers are to be counted: soon after orders came."""
        return self._heard

    def hear(self, events: Iterable[Event]) -> None:
        """Note that somebody bought, or that a rating was published."""
        types = {event.type for event in events}
        self._heard = self._heard or not types.isdisjoint(("OrderPlaced", PUBLISHED))
        if PUBLISHED in types:
            self._next = 0.0

    def step(self, position: int) -> None:
        """Calibrate when there are enough more buyers than at the last time. Raises Unavailable."""
        if not self._heard or self.clock().timestamp() < self._next:
            return
        self._heard, self._next = False, self.clock().timestamp() + PAUSE_SECONDS
        by = self.inforce.yardstick()
        known = max(self._buyers, by.scale.buyers if by.scale else 0)
        with answering():
            buyers = self.views.collection(TRAITS.name).count_documents({"buyer": True})
        grown = buyers * 100 >= known * (100 + GROWN_PERCENT)
        if buyers and (grown or by.recut):
            self.calibrate(position, by.rating.limits.tier_shares)
            self._buyers = buyers

    def calibrate(self, position: int, shares: Cuts) -> None:
        """Calibrate on all buyers there are. Raises Unavailable."""
        with answering():
            found = self.views.collection(TRAITS.name).find({"buyer": True})
            bought = [known_of(traits, {}, Yardstick()).buying for traits in found]
        command_id = derived("calibrate", str(position))
        meta = Meta(command_id, derived("correlation", command_id), actor="system:standing")
        at = self.clock()
        self.scales.handle(VALUE, calibration(bought, day_of(at), shares), Context(at, meta))


def calibration(bought: Sequence[Buying], today: int, shares: Cuts) -> Calibrate:
    """Return the cut points that these buyers give on a day, tiers by these shares."""
    if not bought:
        return Calibrate(VALUE, 0, (), (), (), shares)
    lately = [max(0, today - max(buying.orders)) for buying in bought]
    often = [sum(buying.orders.values()) for buying in bought]
    worths = tuple(_worths(bought, shares))
    return Calibrate(VALUE, len(bought), whole(cuts(lately)), whole(cuts(often)), worths, shares)


def _worths(bought: Sequence[Buying], shares: Cuts) -> Iterable[Worth]:
    by_currency: dict[str, list[int]] = {}
    for buying in bought:
        if buying.currency:
            by_currency.setdefault(buying.currency, []).append(buying.net[buying.currency])
    for currency, values in sorted(by_currency.items()):
        yield Worth(currency, whole(cuts(values, shares)), whole(cuts(values)))
