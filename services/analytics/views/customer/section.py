"""A named part of the customer view: the event types it is made of, and the pure function that folds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.events import Event

Fold = Callable[[Mapping[str, Any], Event], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """`personal` sections are dropped for good when the person is erased."""

    name: str
    types: frozenset[str]
    project: Fold
    personal: bool = False
