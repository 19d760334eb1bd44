"""One leader at a time, by a lease that runs out: it saves work; correctness does not rest on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Lease:
    """Who leads until when. `generation` grows whenever the leader changes."""

    owner: str
    generation: int
    expires_at: datetime


class LeaseStore(Protocol):
    """Keeps one lease document per name."""

    def load_lease(self, name: str) -> Lease | None:
        """Return the lease, or None when nobody ever held it."""
        ...

    def swap_lease(self, name: str, old: Lease | None, new: Lease) -> bool:
        """Store `new` if `old` is still what is stored; tell whether it was."""
        ...


class Leadership:
    """The right of `owner` to lead `name`, renewed when half of its time is over."""

    def __init__(
        self, store: LeaseStore, name: str, owner: str, clock: Clock, lasts: timedelta = timedelta(seconds=10)
    ) -> None:
        self._store, self._name, self._owner = store, name, owner
        self._clock, self._lasts = clock, lasts
        self._held: Lease | None = None

    @property
    def generation(self) -> int:
        """The generation of the lease held last; 0 before the first."""
        return self._held.generation if self._held else 0

    def hold(self) -> bool:
        """Take or keep the lease; False while another owner's lease has not run out."""
        now = self._clock()
        if self._held and self._held.expires_at - now > self._lasts / 2:
            return True
        stored = self._store.load_lease(self._name)
        wanted = self._wanted(stored, now)
        taken = wanted is not None and self._store.swap_lease(self._name, stored, wanted)
        self._held = wanted if taken else None
        return taken

    def release(self) -> None:
        """Let the next leader start at once."""
        held, self._held = self._held, None
        if held is not None:
            self._store.swap_lease(self._name, held, replace(held, expires_at=self._clock()))

    def _wanted(self, stored: Lease | None, now: datetime) -> Lease | None:
        until = now + self._lasts
        if stored is None:
            return Lease(self._owner, 1, until)
        if stored.owner == self._owner and stored.expires_at > now:
            return replace(stored, expires_at=until)
        return Lease(self._owner, stored.generation + 1, until) if stored.expires_at <= now else None
