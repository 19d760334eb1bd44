"""What may go wrong in a channel system; each says what to do."""

from collections.abc import Sequence


class NotEmitted(ValueError):
    """The event breaks its contract and was not taken; `errors` holds every (JSON pointer, reason)."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(f"{pointer or '/'}: {reason}" for pointer, reason in errors))


class SpoolFull(RuntimeError):
    """The broker is away and the spool has reached its size limit: the event was not taken."""


class SpoolTaken(RuntimeError):
    """Another process holds this spool directory."""


class SpoolDamaged(RuntimeError):
    """A spool file holds something that was never written by this library; nothing of it was sent."""


class ChannelClosed(RuntimeError):
    """The channel was closed before this call."""
