"""Takes the fits that were asked for, one at a time, and asks for new ones when enough has happened."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.analytics.freshness import Freshness
from services.analytics.predictions.facts import Wanted
from services.analytics.predictions.models import MODELS, model_of
from services.analytics.predictions.process import NoResult, calculate
from services.analytics.predictions.store import WAITING, Fits, FittedModels, wanted_of
from services.analytics.views.facts_cells import CELLS
from shared.events.clock import Clock, now
from shared.project.pointer import Views
from shared.relay.bell import Bell

LOOK_SECONDS = 60.0
MOST_DAYS, LEAST_ORDERS, GROWTH = 7, 100, 0.1
Calculate = Callable[[str, Mapping[str, Any]], dict[str, Any]]


class Fitter:
    """A model is fitted again after a week with new orders, or with a tenth of orders more than before."""

    def __init__(
        self, views: Views, fitted: FittedModels, fits: Fits, freshness: Freshness,
        clock: Clock = now, calculate: Calculate = calculate,
    ) -> None:  # fmt: skip
        self._views, self.fitted, self.fits, self._freshness = views, fitted, fits, freshness
        self.clock, self._calculate = clock, calculate
        self.bell, self._look_at = Bell(), 0.0

    def step(self) -> bool:
        """Take one waiting job; look for models that are out of date from time to time. Tell whether."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_SECONDS
            self.refresh()
        job = self.fits.waiting()
        if job is None:
            return False
        self._take(job)
        return True

    def refresh(self) -> None:
        """Ask for a new fit of every model that is out of date; who was never fitted waits for a person."""
        orders, at = self.orders(), self.clock()
        for model in MODELS:
            known = self.fitted.latest(model)
            if known and out_of_date(known, orders, at) and not any(map(_waits, self.fits.of(model))):
                self.fits.ask(model, Wanted(at.date(), known.get("currency")), at)

    def orders(self) -> int:
        """Return how many orders there are."""
        cells = self._views.collection(CELLS.name).find({"kind": "order"}, {"values": 1})
        return sum(cell["values"].get("orders", 0) for cell in cells)

    def _take(self, job: Mapping[str, Any]) -> None:
        model, wanted = model_of(job["model"]), wanted_of(job)
        told = {
            "as_of": wanted.as_of.isoformat(), "orders": self.orders(), "source": model.source,
            "watermark": self._freshness.watermark(model.reads),
        }  # fmt: skip
        try:
            inputs = model.inputs(self._views.collection(model.reads).find({}), wanted)
            result = self._calculate(model.id, inputs)
        except NoResult as error:
            self.fits.failed(job["id"], str(error), self.clock())
            return
        currency = {"currency": inputs["currency"]} if "currency" in inputs else {}
        version = self.fitted.add(model.id, {**result, **currency, **told, "fitted_at": self.clock()})
        self.fits.done(job["id"], version, self.clock())


def out_of_date(known: Mapping[str, Any], orders: int, at: datetime) -> bool:
    """Tell whether enough has happened since a fit: orders without which nothing would change."""
    fresh = orders - known["orders"]
    many = fresh >= max(LEAST_ORDERS, GROWTH * known["orders"])
    return bool(many or (fresh > 0 and at - known["fitted_at"] >= timedelta(days=MOST_DAYS)))


def _waits(job: Mapping[str, Any]) -> bool:
    return bool(job["state"] == WAITING)
