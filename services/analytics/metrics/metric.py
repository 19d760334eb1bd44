"""A metric as a value: its name, its formula, what it reads, and the pure function that measures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Protocol

from services.analytics.metrics.question import Question, Scope, Window

if TYPE_CHECKING:
    from services.analytics.metrics.reader import Reader
    from services.analytics.views.facts import Entity, Fact

Group = Literal["value to customers", "value to the company", "value to employees", "channels", "information"]
Unit = Literal["count", "money", "share", "days", "hours", "score", "money per day", "ratio"]
Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Row:
    """Something that happened on a day: quantities, by dimensions.

    Money is in minor units of `dims["currency"]`. `parts` splits the quantities by product category;
    `customer` is the ref or, where resolved, the root. `events` are the ids behind it; none stands for all of
    its entity.
    """

    day: str
    dims: Mapping[str, str]
    values: Mapping[str, int]
    customer: str | None = None
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with what it did up to the end of the question, oldest first."""

    root: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and what it was made of; `reason` says why there is none, `n` how many count."""

    value: Number | None
    n: int
    numerator: Number | None = None
    denominator: Number | None = None
    reason: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def ratio(numerator: Number, denominator: Number, nothing: str, n: int | None = None) -> Figure:
    """Return numerator / denominator; of nothing it is not available, with the reason."""
    count = int(denominator) if n is None else n
    if not denominator:
        return Figure(None, count, numerator, denominator, nothing)
    return Figure(Fraction(numerator) / denominator, count, numerator, denominator)


def total(rows: Sequence[Row], name: str) -> int:
    """Return the sum of a quantity."""
    return sum(row.values.get(name, 0) for row in rows)


Measure = Callable[[Sequence[Any], Question], Figure]


def summing(name: str, counted: str | None = None) -> Measure:
    """Return what adds up a quantity of rows; `n` is the sum of `counted`, else the same."""
    return lambda rows, _: Figure(total(rows, name), total(rows, counted or name))


Behind = tuple[str, "Entity", "Fact"]


class Source(Protocol):
    """Where the items of a metric come from; one reading serves the value, every point and the export."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions by which its items can be scoped and split."""
        ...

    @property
    def periods(self) -> bool:
        """Whether it can be split by periods; else its value means the window as a whole."""
        ...

    @property
    def reads(self) -> tuple[str, ...]:
        """The names of the projections it reads."""
        ...

    def read(self, reader: "Reader", question: Question) -> Sequence[Any]:
        """Return the items of a question, bounded by its clocks and scope."""
        ...

    def behind(self, reader: "Reader", question: Question, types: Sequence[str]) -> list[Behind]:
        """Return the facts of these types that the items of a question come from, each under its day."""
        ...

    def reach(self, reader: "Reader", question: Question) -> Question:
        """Return the question widened to all that its value is made of."""
        ...

    def within(self, items: Sequence[Any], windows: Sequence[Window]) -> list[Sequence[Any]]:
        """Return for each window the items that count in it."""
        ...

    def narrowed(self, items: Sequence[Any], scope: Scope) -> Sequence[Any]:
        """Return the items of one value of a dimension."""
        ...

    def values_of(self, items: Sequence[Any], dimension: str) -> list[str]:
        """Return the values of a dimension among the items, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class Metric:
    """One version of a metric of the catalogue. `inputs` are the types of the events it is made of.

    `group` is its place on the scorecard (Payne & Frow 2005), `perspective` tells whether it looks at the
    company from inside or from outside. `parameters` are its own arguments with their defaults, which every
    answer shows; `money` makes it a matter of one currency. `along` says what the detail runs along, in the
    unit of the value, where it is a row of a table.
    """

    id: str
    version: int
    title: str
    formula: str
    unit: Unit
    inputs: tuple[str, ...]
    source: Source
    measure: Measure
    owner: str
    group: Group
    perspective: Literal["internal", "external"] = "internal"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    money: bool = False
    along: str | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes it can be asked for."""
        return ("company", *self.source.dimensions)
