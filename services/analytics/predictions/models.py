"""The models that are fitted, as values: what they are, which views they read, how their inputs are made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.analytics.predictions import facts
from services.analytics.predictions.facts import Inputs, View, Wanted
from services.analytics.views.facts_cells import CELLS
from services.analytics.views.facts_sales import AGREEMENT
from services.analytics.views.purchases import PURCHASES
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Model:
    """`inputs` makes from the views of a projection what the calculation of the same id takes (work.py)."""

    id: str
    title: str
    source: str
    reads: str
    inputs: Callable[[Iterable[View], Wanted], Inputs]


MODELS: Mapping[str, Model] = {
    model.id: model
    for model in (
        Model(
            "bgnbd", "How often customers come back, and whether they still do (BG/NBD)",
            "Fader, Hardie and Lee 2005, Marketing Science 24(2)", PURCHASES.name, facts.histories,
        ),
        Model(
            "gammagamma", "What a purchase of a customer is worth (Gamma-Gamma)",
            "Fader and Hardie 2013, brucehardie.com/notes/025", PURCHASES.name, facts.values,
        ),
        Model(
            "churn", "Whether the probabilities of silence come true, on a holdout",
            "BG/NBD before the holdout; Brier 1950", PURCHASES.name, facts.holdout,
        ),
        Model(
            "trend", "Sales ahead by exponential smoothing, with intervals",
            "Hyndman, Koehler, Ord and Snyder 2008", CELLS.name, facts.sold,
        ),
        Model(
            "survival", "How long agreements last (contractual churn)",
            "Kaplan and Meier 1958", AGREEMENT.view, facts.lives,
        ),
    )
}  # fmt: skip


def model_of(id_: str) -> Model:
    """Return a model by its id. Raises NotFound."""
    if id_ not in MODELS:
        raise NotFound(f"there is no model {id_}; there are {', '.join(MODELS)}")
    return MODELS[id_]


Fitted = Mapping[str, Any]


def named(fitted: Fitted) -> str:
    """Return how answers name a fitted model, such as `bgnbd/3`."""
    return f"{fitted['model']}/{fitted['version']}"
