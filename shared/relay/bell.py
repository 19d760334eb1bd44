"""A signal inside the process: something was appended, look now instead of at the next poll."""

import threading


class Bell:
    """Rung by writers, heard by one loop. A ring that is missed costs one poll interval and nothing else."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wake the listener, now or at its next wait."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Return at the next ring, or after `seconds`; tell whether it rang."""
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung
