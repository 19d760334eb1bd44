"""The other services' logs and ledgers, read over their APIs."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from shared.consume.source_log import SourceHead
from shared.errors import Unavailable
from shared.events import Event
from shared.events.wire import from_json

HEAD_SECONDS, AWAY_SECONDS = 1.0, 3.0
# A head is asked for while somebody waits for an answer.
PATIENCE, IMPATIENCE = (0.5, 5.0), (0.5, 1.0)
SEARCHING = (0.5, 60.0)  # a log has no index by customer: it is looked through from end to end


class HttpLog:
    """A service's log. Raises Unavailable when the service is away or refuses."""

    def __init__(self, service: str, url: str, key: str) -> None:
        self.service, self._url = service, url
        self._headers = {"Authorization": f"Bearer {key}"}
        self._known: tuple[float, SourceHead | None] = (0.0, None)

    def read(self, after: int, limit: int, partition: int) -> list[Event]:
        """Return up to `limit` events of a partition after a position, in order."""
        query = {"after": after, "limit": limit, "partition": partition}
        return [from_json(item) for item in self._get("/v1/log", query)["events"]]

    def head(self) -> SourceHead:
        """Return the end of the log."""
        found = self._get("/v1/log/head", timeout=IMPATIENCE)
        head = SourceHead(found["position"], tuple(found["tails"]))
        self._known = (time.monotonic() + HEAD_SECONDS, head)
        return head

    def about(self, customers: Sequence[str], ids: Sequence[str]) -> list[Event]:
        """Return every event about these refs, and those with these ids, in order; it takes a while."""
        found: list[Event] = []
        wanted = {"customers": list(customers), "ids": list(ids)}
        while True:
            body = {**wanted, "after": found[-1].position if found else 0}
            page = self._answer("POST", "/v1/log/about", SEARCHING, json=body)["events"]
            if not page:
                return found
            found += [from_json(item) for item in page]

    def recent_head(self) -> SourceHead | None:
        """Return the end of the log as of a second ago; None while the service is away."""
        if self._known[0] < time.monotonic():
            try:
                self.head()
            except Unavailable:
                self._known = (time.monotonic() + AWAY_SECONDS, None)
        return self._known[1]

    def ledger(self) -> Mapping[str, Any]:
        """Return what became of every channel event the service received."""
        return self._get("/v1/ledger")

    def _get(
        self, path: str, query: Mapping[str, int] | None = None, timeout: tuple[float, float] = PATIENCE
    ) -> dict[str, Any]:
        return self._answer("GET", path, timeout, params=query)

    def _answer(self, method: str, path: str, timeout: tuple[float, float], **said: Any) -> dict[str, Any]:
        try:
            answer = requests.request(
                method, self._url + path, headers=self._headers, timeout=timeout, **said
            )
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Unavailable(f"{self.service} does not answer {path}: {error}") from error
        return found
