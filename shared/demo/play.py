"""Play the sample company: its history once, then a trickle of live events for ever."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from shared.channel.message import fresh_id
from shared.demo.history import Report, cloud_event, history
from shared.demo.person import person
from shared.demo.scenes import Step, scene_for
from shared.imports.send import Sender

BATCH = 200
Watch = Callable[[float, str], None]


class Company:
    """One sample company and how far its history was played; the same dates every time it is played."""

    def __init__(self, directory: Path, seed: int, customers: int, months: int) -> None:
        self.seed, self.customers, self.months = seed, customers, months
        self._path = directory / f"demo-{seed}-{customers}-{months}.json"
        known = json.loads(self._path.read_text()) if self._path.exists() else {}
        self.until = datetime.fromisoformat(
            known.get("until") or datetime.now(UTC).isoformat(timespec="seconds")
        )
        self.played = int(known.get("played", 0))

    def remember(self, played: int) -> None:
        """Keep how many reports were played."""
        self.played = played
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps({"until": self.until.isoformat(), "played": played}))
        draft.replace(self._path)


def play_history(company: Company, sender: Sender, watch: Watch) -> dict[str, int]:
    """Send what was not sent yet and count what became of it."""
    company.remember(company.played)
    reports = history(company.seed, company.customers, company.months, company.until)
    counts = {"accepted": 0, "duplicate": 0, "rejected": 0}
    for start in range(company.played, len(reports), BATCH):
        lot = reports[start : start + BATCH]
        for status in _send(sender, lot):
            counts[status] = counts.get(status, 0) + 1
        company.remember(start + len(lot))
        watch(company.played / len(reports), f"{company.played:,} of {len(reports):,} events")
    return counts


def _send(sender: Sender, lot: list[Report]) -> list[str]:
    return [verdict.status for verdict in sender.send([report.event for report in lot])]


def live(company: Company, sender: Sender, rate: float, chance: Random | None = None) -> None:
    """Send `rate` events a second until interrupted; raises Unavailable."""
    for event in live_events(company, chance or Random()):  # noqa: S311 - a sample company needs no secrets
        event["time"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        sender.send([event])
        time.sleep(1 / rate)


def live_events(company: Company, chance: Random) -> Iterator[dict[str, Any]]:
    """Return endless events of the company's customers; the steps of a scene follow each other at once."""
    while True:
        who = person(company.seed, chance.randrange(company.customers))
        name = fresh_id()
        for step in scene_for(who, chance)(who, chance, name):
            yield _now(step)


def _now(step: Step) -> dict[str, Any]:
    return cloud_event(step, fresh_id(), datetime.now(UTC))
