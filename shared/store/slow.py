"""Say which database commands are slow: collection and command, never values."""

import logging
from typing import Any

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

log = logging.getLogger(__name__)
SLOW_MS = 500
REMEMBERED = 1_000


class SlowLog(CommandListener):
    """Logs every command that took longer than `SLOW_MS` milliseconds."""

    def __init__(self) -> None:
        self._running: dict[int, str] = {}

    def started(self, event: CommandStartedEvent) -> None:
        """Remember what the command is about."""
        if len(self._running) > REMEMBERED:
            self._running.clear()
        target: Any = event.command.get(event.command_name)
        self._running[event.request_id] = f"{event.command_name} {event.database_name}.{target}"

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Tell of a slow one."""
        self._ended(event.request_id, event.duration_micros)

    def failed(self, event: CommandFailedEvent) -> None:
        """Tell of a slow one that failed."""
        self._ended(event.request_id, event.duration_micros)

    def _ended(self, request_id: int, micros: int) -> None:
        about = self._running.pop(request_id, "command")
        if micros > SLOW_MS * 1000:
            log.warning("slow database command: %s took %d ms", about, micros // 1000)
