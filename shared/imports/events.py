"""Rows into events, in file order: a pure function of the file and its mapping."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shared.channel.contracts import check
from shared.channel.errors import NotEmitted
from shared.imports.expression import Group, RowRefused
from shared.imports.group import grouped
from shared.imports.mapping import FileMap, Rule
from shared.imports.rows import Refused, Row


@dataclass(frozen=True, slots=True)
class Mapped:
    """One event as the front door takes it, and the numbers of the rows it was made from."""

    event: dict[str, Any]
    rows: tuple[int, ...]

    def refused(self, field: str, reason: str) -> list[Refused]:
        """Every row of the event with the reason why the event was not taken."""
        return [Refused(number, field, reason) for number in self.rows]


Item = Mapped | Refused


def mapped(rows: Iterable[Row | Refused], file_map: FileMap, file_id: str) -> Iterator[Item]:
    """Return what becomes of every row. Events without an id of their own are named by file and row."""
    for group in grouped(rows, file_map.group_by, file_map.gap):
        if isinstance(group, Refused):
            yield group
        else:
            yield from _event(group, file_map, file_id)


def _event(group: Group, file_map: FileMap, file_id: str) -> Iterator[Item]:
    rule = next((rule for rule in file_map.rules if rule.takes(group)), None)
    if rule is None:
        yield from (Refused(row.number, "", "is taken by no rule of the mapping") for row in group.rows)
        return
    try:
        time = rule.time(group)
    except RowRefused as error:
        yield from (Refused(row.number, error.field, error.reason) for row in group.rows)
        return
    good, refused = _sound_rows(group, rule)
    yield from refused
    if good:
        yield from _built(Group(group.first, good), rule, time, file_map.source, file_id)


def _sound_rows(group: Group, rule: Rule) -> tuple[tuple[Row, ...], list[Refused]]:
    good, refused = [], []
    for row in group.rows:
        wrong = _broken_rule(row, rule)
        if wrong is None:
            good.append(row)
        else:
            refused.append(wrong)
    return tuple(good), refused


def _broken_rule(row: Row, rule: Rule) -> Refused | None:
    alone = Group(row, (row,))
    try:
        broken = next((each for each in rule.require if not each.holds(alone)), None)
    except RowRefused as error:
        return Refused(row.number, error.field, error.reason)
    return None if broken is None else Refused(row.number, broken.field, broken.reason)


def _built(group: Group, rule: Rule, time: Any, source: str, file_id: str) -> Iterator[Item]:
    numbers = tuple(row.number for row in group.rows)
    try:
        data = rule.data(group) or {}
        event_id = rule.id(group) if rule.id else f"{file_id}/{group.first.number}"
        check(rule.type, data)
        yield Mapped(_cloud_event(source, rule.type, event_id, time, data), numbers)
    except RowRefused as error:
        yield from _without(group, error, rule, time, source, file_id)
    except NotEmitted as error:
        pointer, reason = error.errors[0]
        yield from (Refused(number, pointer, reason) for number in numbers)


def _without(
    group: Group, error: RowRefused, rule: Rule, time: Any, source: str, file_id: str
) -> Iterator[Item]:
    """Refuse the row at fault and try with the others."""
    yield Refused(error.number, error.field, error.reason)
    rest = tuple(row for row in group.rows if row.number != error.number)
    if rest:
        yield from _built(Group(rest[0], rest), rule, time, source, file_id)


def _cloud_event(source: str, kind: str, event_id: Any, time: Any, data: dict[str, Any]) -> dict[str, Any]:
    if not event_id or not time:
        raise NotEmitted([("/id" if not event_id else "/time", "is missing")])
    moment = str(time) if "T" in str(time) else f"{time}T12:00:00Z"
    return {
        "specversion": "1.0",
        "id": str(event_id),
        "source": source,
        "type": kind,
        "time": moment,
        "datacontenttype": "application/json",
        "data": data,
    }
