"""A channel system that sends batches: prebuilt bodies over kept connections, every answer timed."""

import http.client
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import orjson


@dataclass
class Sent:
    """What became of the batches: seconds of every request, and events accepted."""

    spent: list[float] = field(default_factory=list)
    accepted: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Events accepted per second."""
        return self.accepted / self.seconds


class Door:
    """The front door seen from outside, with the key of one channel."""

    def __init__(self, url: str, key: str) -> None:
        self._address, self._key = urlsplit(url), key

    def send(self, bodies: Sequence[bytes], connections: int = 2) -> Sent:
        """Send all, as fast as the answers come."""
        return self._send(iter(bodies), connections, None)

    def pace(self, bodies: Iterable[bytes], every: float) -> Sent:
        """Send one body every so many seconds, whether or not the answers come in time."""
        return self._send(iter(bodies), 4, every)

    def _send(self, bodies: Iterator[bytes], connections: int, every: float | None) -> Sent:
        sent, guard, begun = Sent(), threading.Lock(), time.perf_counter()
        errors: list[BaseException] = []
        turns = iter(enumerate(bodies))

        def work() -> None:
            try:
                self._work(turns, guard, sent, begun, every)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        sent.seconds = time.perf_counter() - begun
        return sent

    def _work(
        self,
        turns: Iterator[tuple[int, bytes]],
        guard: threading.Lock,
        sent: Sent,
        begun: float,
        every: float | None,
    ) -> None:
        connection = http.client.HTTPConnection(str(self._address.hostname), self._address.port, timeout=30)
        while True:
            with guard:
                number, body = next(turns, (0, b""))
            if not body:
                return connection.close()
            due = begun + number * every if every else time.perf_counter()
            time.sleep(max(due - time.perf_counter(), 0))
            accepted = self._post(connection, body)
            with guard:
                sent.spent.append(time.perf_counter() - due)
                sent.accepted += accepted

    def _post(self, connection: http.client.HTTPConnection, body: bytes) -> int:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/events", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 202:
            raise RuntimeError(f"the front door answered {answer.status}: {text[:500]!r}")
        taken = orjson.loads(text)
        if taken["rejected"]:
            raise RuntimeError(f"rejected: {[r for r in taken['results'] if r['status'] == 'rejected'][:2]}")
        return int(taken["accepted"])


def in_batches(items: Sequence[object], size: int) -> list[bytes]:
    """Return the bodies of requests with `size` events each."""
    return [orjson.dumps(items[at : at + size]) for at in range(0, len(items), size)]
