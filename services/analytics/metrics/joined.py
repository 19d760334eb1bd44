"""Several sources as one: for what sets one kind of thing against another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.analytics.metrics.metric import Behind, Row
from services.analytics.metrics.question import Question
from services.analytics.metrics.reader import Reader
from services.analytics.metrics.sources import Dated


@dataclass(frozen=True)
class Joined(Dated):
    """The rows of all parts; it can be scoped and split by what all of them have."""

    parts: tuple[Any, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that every part has, in the order of the first."""
        first, *others = (part.dimensions for part in self.parts)
        return tuple(name for name in first if all(name in other for other in others))

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections read."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.reads))

    @property
    def periods(self) -> bool:
        """Whether every part can be split by periods."""
        return all(part.periods for part in self.parts)

    def read(self, reader: Reader, question: Question) -> Sequence[Row]:
        """Return the rows of all parts."""
        return [row for part in self.parts for row in part.read(reader, question)]

    def behind(self, reader: Reader, question: Question, types: Sequence[str]) -> list[Behind]:
        """Return the facts behind the rows of all parts."""
        return [found for part in self.parts for found in part.behind(reader, question, types)]
