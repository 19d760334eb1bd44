"""Relay state in memory, for tests and single-process tools."""

from shared.relay.lease import Lease
from shared.relay.relay import Checkpoint


class MemoryRelayState:
    """Leases and checkpoints in dictionaries."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}
        self._checkpoints: dict[str, Checkpoint] = {}

    def load_lease(self, name: str) -> Lease | None:
        """Return the lease, or None."""
        return self._leases.get(name)

    def swap_lease(self, name: str, old: Lease | None, new: Lease) -> bool:
        """Store `new` if `old` is stored."""
        if self._leases.get(name) != old:
            return False
        self._leases[name] = new
        return True

    def load_checkpoint(self, name: str) -> Checkpoint:
        """Return the checkpoint, at position 0 when there is none."""
        return self._checkpoints.get(name, Checkpoint())

    def advance(self, name: str, old: Checkpoint, new: Checkpoint) -> bool:
        """Store `new` if `old` is stored."""
        if self.load_checkpoint(name) != old:
            return False
        self._checkpoints[name] = new
        return True
