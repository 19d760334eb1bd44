"""A projection as a value: what it hears, by which key, and the pure function that folds it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.events import Event

View = Mapping[str, Any]
Fold = Callable[[View | None, Event], View | None]
Prepare = Callable[[Iterable[Event]], object]
Index = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """`project` must give one view for every order of arrival across streams (shared/testing/projection.py).

    Without `key` the view belongs to a customer: the runner resolves the ref to its root and folds the
    touched customers again when identities are merged or parted. `project` may return None: there is no view.
    An event that belongs to several views is `split`: into each key with the event as that view sees it.
    `prepare` is told the events of a batch before they are folded, to fetch at once what folding them takes.
    """

    name: str
    version: int
    types: frozenset[str]
    project: Fold
    key: Callable[[Event], str | None] | None = None
    indexes: tuple[Index, ...] = ()
    prepare: Prepare | None = None
    split: Callable[[Event], Iterable[tuple[str, Event]]] | None = None

    @property
    def by_customer(self) -> bool:
        """Whether the key is the customer."""
        return self.key is None and self.split is None

    def parts(self, event: Event) -> Iterable[tuple[str, Event]]:
        """Return the keys that an event belongs to, each with the event as its view sees it."""
        if event.type not in self.types:
            return ()
        if self.split:
            return self.split(event)
        key = self.key(event) if self.key else event.meta.customer
        return ((key, event),) if key is not None else ()

    def fold(self, view: View | None, events: "list[Event]") -> View | None:
        """Return the view after `events`."""
        for event in events:
            view = self.project(view, event)
        return view
