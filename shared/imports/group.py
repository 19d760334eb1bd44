"""Rows that belong together, with memory for the open groups only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shared.imports.expression import Group
from shared.imports.rows import Refused, Row


@dataclass(slots=True)
class _Open:
    rows: list[Row] = field(default_factory=list)
    last_seen: int = 0

    def closed(self) -> Group:
        return Group(self.rows[0], tuple(self.rows))


def grouped(rows: Iterable[Row | Refused], by: str | None, gap: int) -> Iterator[Group | Refused]:
    """Return the groups of rows with one value of column `by`, in the order of their first rows.

    A group ends once more than `gap` rows have passed without one of its own; a later row is refused.
    Without `by`, or where the column is empty, every row is a group.
    """
    open_groups: dict[str, _Open] = {}
    ended: set[str] = set()
    for seen, row in enumerate(rows):
        key = row.value(by) if by and isinstance(row, Row) else None
        if isinstance(row, Refused):
            yield row
        elif key is None:
            yield Group(row, (row,))
        elif str(key) in ended:
            yield Refused(row.number, str(by), f"{key} comes again more than {gap} rows after its group")
        else:
            group = open_groups.setdefault(str(key), _Open())
            group.rows.append(row)
            group.last_seen = seen
        yield from _ended(open_groups, ended, seen - gap)
    yield from (group.closed() for group in open_groups.values())


def _ended(open_groups: dict[str, _Open], ended: set[str], before: int) -> Iterator[Group]:
    while open_groups:
        key = next(iter(open_groups))
        if open_groups[key].last_seen >= before:
            return
        ended.add(key)
        yield open_groups.pop(key).closed()
