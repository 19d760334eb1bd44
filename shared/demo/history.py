"""Months of the sample company's events, in the order in which they reach the front door."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from shared.demo.person import Person, person
from shared.demo.scenes import Scene, Step, register, scene_for
from shared.demo.words import HOURS, SOURCES

SCENES_PER_MONTH = 2.0
REPEATED, BROKEN, LATE = 0.005, 0.002, 0.3


@dataclass(frozen=True, slots=True)
class Report:
    """One event as a channel system sends it, when it arrives, and whether it is broken on purpose."""

    event: dict[str, Any]
    arrives: datetime
    broken: bool = False


def history(seed: int, customers: int, months: int, until: datetime) -> list[Report]:
    """Return all reports of the company in the order of arrival; the same arguments give the same events."""
    begin = until - timedelta(days=30 * months)
    reports = [r for number in range(customers) for r in _life(seed, person(seed, number), begin, until)]
    return sorted(reports, key=lambda report: (report.arrives, report.event["id"]))


def cloud_event(step: Step, event_id: str, moment: datetime) -> dict[str, Any]:
    """Return the step as a structured CloudEvent of its channel's source."""
    customer = {"customer": step.customer} if step.customer else {}
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCES[step.type.split(".")[0]],
        "type": f"channel.{step.type}.v1",
        "time": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "datacontenttype": "application/json",
        "data": step.data | customer,
    }


def _life(seed: int, who: Person, begin: datetime, until: datetime) -> Iterator[Report]:
    chance = Random(f"{seed}/life/{who.number}")  # noqa: S311 - a sample company needs no secrets
    for number, (moment, scene) in enumerate(_plan(who, chance, begin, until)):
        name = f"{seed}-{who.number}-{number}"
        for index, step in enumerate(scene(who, chance, name)):
            at = moment + timedelta(seconds=step.after)
            if at < until:
                yield from _reported(cloud_event(step, f"demo-{name}-{index}", at), at, chance)


def _plan(who: Person, chance: Random, begin: datetime, until: datetime) -> Iterator[tuple[datetime, Scene]]:
    days = (until - begin).days
    first = chance.randint(0, max(days - 1, 0))
    if who.online:
        yield _moment(begin, first, chance), register
    months = (days - first) / 30
    for _ in range(round(who.eagerness * SCENES_PER_MONTH * months)):
        yield _moment(begin, chance.randint(first, max(days - 1, first)), chance), scene_for(who, chance)


def _moment(begin: datetime, day: int, chance: Random) -> datetime:
    hour = chance.choices(range(24), HOURS)[0]
    seconds = hour * 3600 + chance.randrange(3600)
    return begin.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=day, seconds=seconds)


def _reported(event: dict[str, Any], at: datetime, chance: Random) -> Iterator[Report]:
    arrives = at
    if event["source"] == "stores" and chance.random() < LATE:
        arrives = at.replace(hour=3, minute=0, second=0) + timedelta(days=1)  # tills upload at night
    yield Report(event, arrives)
    if chance.random() < REPEATED:
        yield Report(event, arrives + timedelta(seconds=30))
    if chance.random() < BROKEN:
        yield Report(_break(event, chance), arrives, broken=True)


def _break(event: dict[str, Any], chance: Random) -> dict[str, Any]:
    wrong = event | {"id": event["id"] + "-broken"}
    if chance.random() < 0.5:
        return wrong | {"data": event["data"] | {"surprise": True}}
    return wrong | {"type": event["type"].replace(".v1", ".v0")}
