"""Articles bought together: of each how many orders held it, and how many held another one with it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.analytics.views.latest import State, added
from shared.events import Event
from shared.project.projection import Projection

PAIRED, SUGGESTED = 8, 5


def articles(event: Event) -> list[str]:
    """Return the articles of an order that are paired: the eight dearest, so that pairs are few."""
    amounts: dict[str, int] = {}
    for line in event.data["lines"]:
        amounts[line["sku"]] = amounts.get(line["sku"], 0) + line["amount"]
    return sorted(sorted(amounts, key=lambda sku: (-amounts[sku], sku))[:PAIRED])


def split(event: Event) -> Iterator[tuple[str, Event]]:
    """Yield each article with the others of its order."""
    found = articles(event)
    for sku in found:
        yield sku, replace(event, data={"others": [other for other in found if other != sku]})


def project(view: State | None, event: Event) -> dict[str, Any]:
    """Count an order more, and what was in it beside."""
    known = view or {"orders": 0, "with": {}}
    steps = dict.fromkeys(event.data["others"], 1)
    return {"orders": known["orders"] + 1, "with": added(known["with"], **steps)}


def suggested(
    latest: Sequence[str], bought: Collection[str], pairs: Mapping[str, State]
) -> list[dict[str, Any]]:
    """Return what was bought most often with one of these articles, and is not among those bought.

    `support` is the number of orders that held both, `share` that number of the orders of the article
    bought; each suggestion names the article that speaks most for it.
    """
    best: dict[str, tuple[int, str]] = {}
    for sku in latest:
        for other, count in pairs.get(sku, {}).get("with", {}).items():
            if other not in bought and count > best.get(other, (0, ""))[0]:
                best[other] = (count, sku)
    ranked = sorted(best, key=lambda other: (-best[other][0], other))[:SUGGESTED]
    return [_suggestion(other, *best[other], pairs) for other in ranked]


def _suggestion(sku: str, support: int, because: str, pairs: Mapping[str, State]) -> dict[str, Any]:
    share = round(support / pairs[because]["orders"], 4)
    return {"sku": sku, "support": support, "share": share, "bought_with": because}


TOGETHER = Projection("bought_together", 1, frozenset({"OrderPlaced"}), project, split=split)
