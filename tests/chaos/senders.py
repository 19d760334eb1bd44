"""The three ways in, each pressed as a careful channel would: until it is told that the event is safe."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pika
import requests
from pika.exceptions import AMQPError

from shared.channel import Channel
from shared.channel.message import message
from tests.chaos.reported import SOURCES, Reported
from tests.stack import RunningStack
from tests.waiting import eventually

PATIENCE = 180.0  # seconds a sender goes on trying
PARTITIONS = 4


class Senders:
    """Reports a script over `seconds`, by a thread per way. `join` raises what went wrong in one."""

    def __init__(
        self, stack: RunningStack, spool: Path, reported: Sequence[Reported], seconds: float
    ) -> None:
        self.stack, self.spool, self.seconds = stack, spool, seconds
        self.retries: dict[str, int] = dict.fromkeys(SOURCES, 0)
        self.errors: list[BaseException] = []
        self.stop = threading.Event()
        self._key = stack.channel_key(SOURCES["door"])
        ways: dict[str, Callable[[list[Reported]], None]] = {
            "door": self._door,
            "sdk": self._sdk,
            "raw": self._raw,
        }
        self._threads = [
            threading.Thread(target=self._guarded, args=(send, [e for e in reported if e.way == way]))
            for way, send in ways.items()
        ]

    def start(self) -> "Senders":
        """Begin to report."""
        for thread in self._threads:
            thread.start()
        return self

    def join(self) -> None:
        """Return when everything was taken."""
        for thread in self._threads:
            thread.join(self.seconds + PATIENCE)
        if self.errors:
            raise AssertionError(f"a sender failed: {self.errors!r}")

    @property
    def busy(self) -> bool:
        """Whether something is still being reported."""
        return any(thread.is_alive() for thread in self._threads)

    def _guarded(self, send: Callable[[list[Reported]], None], events: list[Reported]) -> None:
        try:
            send(events)
        except BaseException as error:  # told by `join`
            self.errors.append(error)

    def _paced(self, events: list[Reported], size: int) -> "Any":
        lots = [events[start : start + size] for start in range(0, len(events), size)]
        for lot in lots:
            self.stop.wait(self.seconds / max(len(lots), 1))
            yield lot

    def _door(self, events: list[Reported]) -> None:
        for lot in self._paced(events, 12):
            eventually(lambda lot=lot: self._handed_in(lot), PATIENCE, pause=0.3)  # type: ignore[misc]

    def _handed_in(self, lot: list[Reported]) -> bool:
        try:
            answer = requests.post(
                f"{self.stack.url('contacts')}/v1/events",
                json=[event.cloud_event for event in lot],
                headers={"Authorization": f"Bearer {self._key}"},
                timeout=20,
            )
        except requests.RequestException:
            answer = None
        if answer is None or answer.status_code == 503:
            self.retries["door"] += 1
            return False
        if answer.status_code != 202:
            self.errors.append(AssertionError(f"the door answered {answer.status_code}: {answer.text[:500]}"))
        return True

    def _sdk(self, events: list[Reported]) -> None:
        with Channel(self.stack.amqp_url, SOURCES["sdk"], partitions=PARTITIONS, spool=self.spool) as channel:
            for lot in self._paced(events, 4):
                for event in lot:
                    channel.emit(event.type, data=event.data, time=event.time, id=event.id)
            report = channel.flush(PATIENCE)
        if not report.complete:
            raise AssertionError(f"the channel library kept {report.pending} events: {report.problem}")

    def _raw(self, events: list[Reported]) -> None:
        for lot in self._paced(events, 3):
            eventually(lambda lot=lot: self._published(lot), PATIENCE, pause=0.3)  # type: ignore[misc]

    def _published(self, lot: list[Reported]) -> bool:
        try:
            with pika.BlockingConnection(pika.URLParameters(self.stack.amqp_url)) as connection:
                channel = connection.channel()
                channel.confirm_delivery()
                for event in lot:
                    _publish(channel, event)
        except (AMQPError, OSError):
            self.retries["raw"] += 1
            return False
        return True


def _publish(channel: Any, event: Reported) -> None:
    made = message(event.source, event.type, event.data, event.time, event.id, PARTITIONS)
    properties = pika.BasicProperties(
        content_type="application/json", headers=made.headers, delivery_mode=2, message_id=made.id
    )
    channel.basic_publish("rapport.channels", made.key, made.body, properties, mandatory=True)


def hand_in(stack: RunningStack, *events: Reported, timeout: float = 30) -> requests.Response:
    """Report events at the front door once, as administrator."""
    return requests.post(
        f"{stack.url('contacts')}/v1/events",
        data=orjson.dumps([event.cloud_event for event in events]),
        headers={"Authorization": f"Bearer {stack.admin_key}", "Content-Type": "application/json"},
        timeout=timeout,
    )
