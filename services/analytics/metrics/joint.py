"""Several sources at once, for what sets one thing against another: costs against new customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.analytics.metrics.metric import Behind, Figure, Measure, Source
from services.analytics.metrics.question import Question, Scope, Window
from services.analytics.metrics.reader import Reader


@dataclass(frozen=True, slots=True)
class Part:
    """The items of one of the sources; `money` when they are amounts of one currency."""

    name: str
    items: Sequence[Any]
    money: bool = False


@dataclass(frozen=True)
class Joint:
    """Named sources read with one question; those in `money` are cut to one currency."""

    sources: Mapping[str, Source]
    money: tuple[str, ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that all of them have."""
        first, *others = (source.dimensions for source in self.sources.values())
        return tuple(d for d in first if all(d in other for other in others) and d != "currency")

    @property
    def periods(self) -> bool:
        """Whether all can be split by periods."""
        return all(source.periods for source in self.sources.values())

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections that any of them reads."""
        return tuple(dict.fromkeys(name for source in self.sources.values() for name in source.reads))

    def read(self, reader: Reader, question: Question) -> list[Part]:
        """Return the items of each."""
        return [Part(n, s.read(reader, question), n in self.money) for n, s in self.sources.items()]

    def behind(self, reader: Reader, question: Question, types: Sequence[str]) -> list[Behind]:
        """Return the facts behind each."""
        return [found for s in self.sources.values() for found in s.behind(reader, question, types)]

    def reach(self, reader: Reader, question: Question) -> Question:
        """Return the question widened to what any of them needs."""
        reached = [source.reach(reader, question).window.since for source in self.sources.values()]
        return question.within(Window(min(reached), question.window.to))

    def within(self, items: Sequence[Part], windows: Sequence[Window]) -> list[Sequence[Part]]:
        """Return the items of each in each window."""
        split = [(part, self.sources[part.name].within(part.items, windows)) for part in items]
        return [[replace(part, items=mine[n]) for part, mine in split] for n in range(len(windows))]

    def narrowed(self, items: Sequence[Part], scope: Scope) -> Sequence[Part]:
        """Return the items of each under one value of a dimension."""
        return [replace(p, items=self.sources[p.name].narrowed(p.items, scope)) for p in items]

    def values_of(self, items: Sequence[Part], dimension: str) -> list[str]:
        """Return the values of a dimension among the items of any."""
        found = (self.sources[part.name].values_of(part.items, dimension) for part in items)
        return sorted({value for values in found for value in values})


def of_rows(measure: Measure) -> Measure:
    """Return the measure of the rows of all sources together, whatever row comes from which."""

    def measured(items: Sequence[Part], question: Question) -> Figure:
        return measure([row for part in items for row in part.items], question)

    return measured


def part(items: Sequence[Part], name: str) -> Sequence[Any]:
    """Return the items of one source."""
    return next((p.items for p in items if p.name == name), ())
