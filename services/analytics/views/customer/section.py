"""A named part of the customer view: the event types it is made of, and the pure function that folds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.events import Event

Part = Mapping[str, Any]
Fold = Callable[[Part, Event], Part]
Show = Callable[[Part, datetime], Part]


@dataclass(frozen=True, slots=True)
class Section:
    """`personal` sections are dropped for good when the person is erased.

    `only` tells which events of these types concern it at all.
    `show` adds what follows from the folded part and the moment that is asked about: pure, never stored.
    """

    name: str
    types: frozenset[str]
    project: Fold
    personal: bool = False
    show: Show | None = None
    only: Callable[[Event], bool] | None = None

    def hears(self, event: Event) -> bool:
        """Tell whether the event is one of those the section is made of."""
        return event.type in self.types and (self.only is None or self.only(event))
