"""What the fitted models say of one customer, at any day and as known at any moment."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from services.analytics.customers import Customers
from services.analytics.predictions.models import MODELS, model_of
from services.analytics.predictions.scores import Asked, leaving, scores
from services.analytics.predictions.store import FittedModels
from services.analytics.views.facts_sales import AGREEMENT
from services.analytics.views.purchases import PURCHASES
from shared.project.entry import Until

Body = dict[str, Any]
READS = (PURCHASES.name, AGREEMENT.view)


class Scoring:
    """Reads purchases and agreements, and scores them by the newest models or by those named."""

    def __init__(self, customers: Customers, fitted: FittedModels) -> None:
        self._customers, self._fitted = customers, fitted

    def of(self, ref: str, until: Until, asked: Asked, versions: str = "") -> Body:
        """Return the scores; `versions` as in `bgnbd/3,gammagamma/2` instead of the newest."""
        view = self._customers.folded(PURCHASES, ref, _whole_day(until)) or {"days": {}, "orders": {}}
        models = self._models(versions)
        agreements = self._customers.entities(AGREEMENT, ref, until)
        return {
            **scores(view, models, asked), "agreements": leaving(agreements, models.get("survival"), asked)
        }  # fmt: skip

    def _models(self, versions: str) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {
            id_: known for id_ in MODELS if (known := self._fitted.latest(id_))
        }
        for name in filter(None, versions.split(",")):
            model, _, number = name.partition("/")
            found[model_of(model).id] = self._fitted.version(model, int(number))
        return found


def _whole_day(until: Until) -> Until:
    """Models count in days: the day that `as_of` is in counts whole."""
    if until.as_of is None:
        return until
    day = until.as_of.astimezone(UTC).date()
    return Until(datetime.combine(day, time.max, UTC), until.known_at)
