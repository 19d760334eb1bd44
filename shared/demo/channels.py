"""Every channel system of the sample company with a channel of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.channel import Channel
from shared.imports.send import ChannelSender, Verdict


class LiveChannels:
    """Sends each event through the channel of its source, opened at first use."""

    def __init__(self, broker: str, spool: Path, patience: float = 300.0) -> None:
        self._broker, self._spool, self._patience = broker, spool, patience
        self._senders: dict[str, ChannelSender] = {}

    def send(self, events: Sequence[dict[str, Any]]) -> list[Verdict]:
        """Send the events one by one. Raises Unavailable."""
        return [self._of(event["source"]).send([event])[0] for event in events]

    def _of(self, source: str) -> ChannelSender:
        if source not in self._senders:
            channel = Channel(self._broker, source, spool=self._spool / source)
            self._senders[source] = ChannelSender(channel, self._patience)
        return self._senders[source]

    def close(self) -> None:
        """Close all channels."""
        for sender in self._senders.values():
            sender.close()
