"""Sending mapped events: through the front door over HTTP, or through the channel library."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import requests

from shared.channel import Channel, NotEmitted
from shared.errors import Denied, Rejected, Unavailable

Sleep = Callable[[float], None]
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the front door said about one event: accepted, duplicate or rejected with field and reason."""

    status: str
    field: str = ""
    reason: str = ""


class Sender(Protocol):
    """Sends a batch and returns one verdict per event; raises Unavailable when that took too long."""

    def send(self, events: Sequence[dict[str, Any]]) -> list[Verdict]:
        """Send the events and wait for the verdicts."""

    def close(self) -> None:
        """Let go of the connection."""


class HttpSender:
    """`POST /v1/events`, trying again while the service is away, for `patience` seconds per batch."""

    def __init__(self, url: str, key: str, patience: float = 300.0, sleep: Sleep = time.sleep) -> None:
        self._url, self._patience, self._sleep = f"{url.rstrip('/')}/v1/events", patience, sleep
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {key}"

    def send(self, events: Sequence[dict[str, Any]]) -> list[Verdict]:
        """Send the events and wait for the verdicts. Raises Denied, Rejected, Unavailable."""
        deadline, pause = time.monotonic() + self._patience, 0.5
        while True:
            answer, wait = self._post(events, pause)
            if answer is not None:
                return verdicts(answer, len(events))
            if time.monotonic() + wait > deadline:
                raise Unavailable(f"{self._url} takes nothing for {self._patience:.0f} s")
            self._sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _post(self, events: Sequence[dict[str, Any]], pause: float) -> tuple[Any, float]:
        try:
            answer = self._session.post(self._url, json=list(events), timeout=60)
        except requests.RequestException:
            return None, pause
        if answer.status_code in {429, 502, 503, 504}:
            return None, _retry_after(answer.headers.get("Retry-After"), pause)
        if answer.status_code in {401, 403}:
            raise Denied(_detail(answer))
        if not answer.ok:
            raise Rejected(f"{self._url} answered {answer.status_code}: {_detail(answer)}")
        return answer.json(), 0.0

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


class ChannelSender:
    """Straight to the broker, confirmed batch by batch. Duplicates are found by the services only."""

    def __init__(self, channel: Channel, patience: float = 300.0) -> None:
        self._channel, self._patience = channel, patience

    def send(self, events: Sequence[dict[str, Any]]) -> list[Verdict]:
        """Emit the events and wait for the confirms. Raises Unavailable."""
        found = [self._emit(event) for event in events]
        report = self._channel.flush(self._patience)
        if not report.complete:
            raise Unavailable(f"{report.pending} events wait in the spool: {report.problem}")
        return found

    def _emit(self, event: dict[str, Any]) -> Verdict:
        try:
            moment = datetime.fromisoformat(event["time"])
            self._channel.emit(event["type"], data=event["data"], time=moment, id=event["id"])
        except NotEmitted as error:
            return Verdict("rejected", *error.errors[0])
        return Verdict("accepted")

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


def verdicts(answer: Any, expected: int) -> list[Verdict]:
    """Read the per-item results. Raises Rejected when they do not fit the events."""
    results = answer.get("results", answer.get("items")) if isinstance(answer, dict) else answer
    if not isinstance(results, list) or len(results) != expected:
        raise Rejected("the service did not answer with one result per event")
    return [_verdict(each) for each in results]


def _verdict(result: dict[str, Any]) -> Verdict:
    errors = result.get("errors") or [{}]
    reason = errors[0].get("detail") or errors[0].get("reason") or result.get("detail") or ""
    return Verdict(str(result.get("status")), str(errors[0].get("pointer", "")), str(reason))


def _retry_after(header: str | None, otherwise: float) -> float:
    return float(header) if header and header.isdigit() else otherwise


def _detail(answer: requests.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason
