"""What a ticket's order was, and what of it is under warranty."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from services.support.domain.warranty import Warranty, warranty_of
from services.support.known import KEPT

Facts = Mapping[str, Mapping[str, Any]]


def order_of(facts: Facts, warranties: Iterable[Warranty], today: date) -> dict[str, Any]:
    """Return the facts of an order by name, and each of its goods with the day its warranty ends.

    A warranty begins when the order arrives; before that it is counted from the day it was placed.
    """
    shown = {name: {"at": fact["at"], **_told(name, fact)} for name, fact in facts.items()}
    return {"facts": shown, "warranty": list(_covered(facts, list(warranties), today))}


def _covered(facts: Facts, warranties: list[Warranty], today: date) -> Iterator[dict[str, Any]]:
    begun = facts.get("delivered") or facts.get("placed")
    for line in (facts.get("placed") or {}).get("lines") or ():
        warranty = warranty_of(warranties, line)
        if warranty and begun:
            until = warranty.until(begun["at"].date())
            named = {"sku": line["sku"], "warranty_id": warranty.warranty_id}
            yield {**named, "until": until, "in_force": today <= until}


def _told(name: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    return {field: fact[field] for field in KEPT[name] if field in fact}
