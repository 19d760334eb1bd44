"""The channel: what a web shop, a call centre or a till calls."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .contracts import check, full_type
from .errors import ChannelClosed, NotEmitted
from .message import fresh_id, message
from .outbox import Outbox
from .sender import Sender

EXCHANGE = "rapport.channels"


@dataclass(frozen=True, slots=True)
class Report:
    """How many events the broker has `confirmed`, how many are `pending` (kept, being sent), and why."""

    confirmed: int
    pending: int
    problem: str | None = None

    @property
    def complete(self) -> bool:
        """Whether the broker has everything."""
        return not self.pending


class Channel:
    """A source of events. Thread-safe; one process per spool directory.

    `durable=True`: an event is on the disk before `emit` returns, so that not even `kill -9` loses it.
    Otherwise it is in memory until the broker confirms it (milliseconds) or goes away (then it is on the
    disk), and `flush` tells.
    """

    def __init__(
        self,
        url: str,
        source: str,
        *,
        partitions: int = 4,
        durable: bool = False,
        spool: Path | str | None = None,
        spool_limit: int = 256 << 20,
        memory: int = 10_000,
        window: int = 2_000,
        exchange: str = EXCHANGE,
    ) -> None:
        """Open it; a broker that is away is no error. Raises SpoolTaken, SpoolDamaged, ValueError."""
        if not source or len(source) > 200:
            raise ValueError("a source has 1 to 200 characters")
        self._source, self._partitions, self._closed = source, partitions, False
        directory = Path(spool) if spool else spool_directory(source)
        self._outbox = Outbox(directory, durable=durable, memory=memory, limit=spool_limit)
        self._sender = Sender(url, exchange, self._outbox, window)
        self._sender.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def emit(
        self,
        type: str,  # noqa: A002 - the name CloudEvents gives it
        *,
        data: Mapping[str, Any] | None = None,
        customer: Mapping[str, Any] | None = None,
        time: datetime | None = None,
        id: str | None = None,  # noqa: A002 - the name CloudEvents gives it
    ) -> str:
        """Take one event and return its id.

        `type` is `web.page_viewed` (newest version) or the full `channel.web.page_viewed.v1`; `customer`
        names the customer by any identifiers the channel has; `time` is when it happened (now); an `id` of
        your own makes a repeated call harmless. Raises NotEmitted (all reasons), SpoolFull, ChannelClosed.
        """
        if self._closed:
            raise ChannelClosed("the channel is closed")
        kind = full_type(type)
        payload = dict(data or {}) | ({"customer": dict(customer)} if customer else {})
        _check_frame(time, id)
        check(kind, payload)
        made = message(
            self._source, kind, payload, time or datetime.now(UTC), id or fresh_id(), self._partitions
        )
        self._outbox.put(made)
        self._sender.wake()
        return made.id

    @property
    def pending(self) -> int:
        """How many events the broker has not confirmed; they are kept and sent again."""
        return self._outbox.pending

    def flush(self, timeout: float = 10.0) -> Report:
        """Wait until the broker has everything, `timeout` seconds at most, and tell."""
        deadline = timeout if math.isfinite(timeout) else 1e9
        self._outbox.wait(deadline)
        return self.report()

    def report(self) -> Report:
        """Tell what is confirmed and what is not, without waiting."""
        pending = self._outbox.pending
        return Report(self._outbox.confirmed, pending, self._sender.problem if pending else None)

    def close(self, timeout: float = 10.0) -> Report:
        """Flush and end; what the broker does not have by then stays in the spool for the next time."""
        if self._closed:
            return self.report()
        self._closed = True
        report = self.flush(timeout)
        self._sender.stop()
        self._outbox.close()
        return report


def spool_directory(source: str) -> Path:
    """Return where a source keeps its spool: RAPPORT_SPOOL, else the user's state directory."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    root = Path(os.environ.get("RAPPORT_SPOOL") or Path(base) / "rapport" / "spool")
    return root / "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in source)


def _check_frame(time: datetime | None, event_id: str | None) -> None:
    errors = []
    if time is not None and time.tzinfo is None:
        errors.append(("/time", "needs a time zone"))
    if event_id is not None and not 1 <= len(event_id) <= 200:
        errors.append(("/id", "has to have 1 to 200 characters"))
    if errors:
        raise NotEmitted(errors)
