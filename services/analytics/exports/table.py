"""A table as a value: its name and version, its columns with their meaning, and how its rows are made."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.analytics.views.facts import Entity, Kind
from shared.events import Event

Type = Literal["text", "integer", "moment", "day", "flag"]
Row = dict[str, Any]
View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `personal` ones are given to those alone who may see personal data.

    Integers of money are minor units of the currency named beside them. Moments are in UTC.
    """

    name: str
    type: Type
    says: str
    personal: bool = False


def columns(personal: Iterable[str] = (), /, **said: str) -> tuple[Column, ...]:
    """Return columns told as `name="type: meaning"`."""
    hidden = set(personal)
    return tuple(_column(name, text, personal=name in hidden) for name, text in said.items())


def _column(name: str, text: str, *, personal: bool) -> Column:
    type_, _, says = text.partition(": ")
    return Column(name, type_, says, personal)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Entities:
    """One row or more per entity of a kind; a row is replaced when the entity changes."""

    kind: Kind
    rows: Callable[[Entity], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Facts:
    """One row per event of these types (all when empty); rows never change."""

    types: frozenset[str]
    row: Callable[[Event], Row]


@dataclass(frozen=True, slots=True)
class People:
    """One row per customer; `personal` adds what takes the right to see personal data."""

    row: Callable[[View], Row]
    personal: Callable[[View], Row]


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names the columns that tell rows apart, `day` the moment whose day is the partition.

    A column that goes or changes its meaning is a new version; a column more is not.
    """

    name: str
    version: int
    says: str
    key: tuple[str, ...]
    day: str | None
    columns: tuple[Column, ...]
    source: Entities | Facts | People

    @property
    def past(self) -> bool:
        """Whether it can be told as it was; customers are kept as they are now only."""
        return not isinstance(self.source, People)

    def shown(self, *, personal: bool) -> tuple[Column, ...]:
        """Return the columns for somebody who may see personal data, or may not."""
        return tuple(column for column in self.columns if personal or not column.personal)
