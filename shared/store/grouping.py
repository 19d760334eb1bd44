"""Group concurrent commits of one process into one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

C = TypeVar("C")
O = TypeVar("O")  # noqa: E741 an outcome per commit


@dataclass(slots=True)
class _Ticket(Generic[C, O]):
    commits: list[C]
    outcomes: list[O] | None = None
    error: Exception | None = None


class Group(Generic[C, O]):
    """Whoever gets the turn executes everything that waits; the others find their work done.

    One writer at a time per process also spares the database from write conflicts on the log's head.
    """

    def __init__(self, execute: Callable[[list[C]], list[O]], limit: int = 500) -> None:
        self._execute, self._limit = execute, limit
        self._turn, self._guard = Lock(), Lock()
        self._waiting: list[_Ticket[C, O]] = []

    def submit(self, commits: Sequence[C]) -> list[O]:
        """Return the outcomes of `commits` once a transaction has taken them."""
        ticket: _Ticket[C, O] = _Ticket(list(commits))
        with self._guard:
            self._waiting.append(ticket)
        with self._turn:
            while ticket.outcomes is None and ticket.error is None:
                self._lead()
        if ticket.error is not None:
            raise ticket.error
        return ticket.outcomes or []

    def _lead(self) -> None:
        batch = self._take()
        try:
            outcomes = iter(self._execute([c for t in batch for c in t.commits]))
            for ticket in batch:
                ticket.outcomes = [next(outcomes) for _ in ticket.commits]
        except Exception as error:  # handed to every caller that waits, none is left hanging
            for ticket in batch:
                ticket.error = error

    def _take(self) -> list[_Ticket[C, O]]:
        with self._guard:
            taken, size = 0, 0
            for ticket in self._waiting:
                size += len(ticket.commits)
                if taken and size > self._limit:
                    break
                taken += 1
            batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
            return batch
