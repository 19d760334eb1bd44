"""Rows that count in the period of their day: what day cells and entities have in common."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from services.analytics.metrics.metric import Behind, Row
from services.analytics.metrics.question import Question, Scope, Window
from services.analytics.metrics.reader import Reader
from services.analytics.views.facts import day_of

Rows = Sequence[Row]


class Dated:
    """Items are rows; each counts in the period of its day."""

    @property
    def periods(self) -> bool:
        """Whether it can be split by periods."""
        return True

    def within(self, items: Rows, windows: Sequence[Window]) -> list[Rows]:
        """Return the rows of each window, by their days."""
        ordered = sorted(items, key=lambda row: row.day)
        days = [row.day for row in ordered]
        starts = [bisect_left(days, day_of(w.since)) for w in windows] + [len(days)]
        return [ordered[a:b] for a, b in pairwise(starts)]

    def reach(self, reader: Reader, question: Question) -> Question:  # noqa: ARG002 part of the port
        """Return the question: nothing outside its window counts."""
        return question

    def narrowed(self, items: Rows, scope: Scope) -> Rows:
        """Return the rows of one value of a dimension."""
        return [row for item in items if (row := narrow(item, scope))]

    def values_of(self, items: Rows, dimension: str) -> list[str]:
        """Return the values of a dimension."""
        return sorted({value for row in items for value in values(row, dimension)})


def values(row: Row, dimension: str) -> Iterable[str]:
    """Return the values that a row has of a dimension."""
    match dimension:
        case "category":
            return row.parts
        case "customer":
            return [row.customer or ""]
        case _:
            return [row.dims.get(dimension, "")]


def narrow(row: Row, scope: Scope) -> Row | None:
    """Return what of a row is in scope, None when nothing is."""
    if scope.value not in values(row, scope.dimension):
        return None
    return replace(row, values=row.parts[scope.value]) if scope.dimension == "category" else row


def priced(row: Row, question: Question) -> bool:
    """Return whether a row counts in the question's currency."""
    return question.currency is None or row.dims.get("currency") in (None, "", question.currency)


def of_refs(reader: Reader, found: Sequence[Behind], question: Question) -> list[Behind]:
    """Return what is about the customers in scope."""
    named = [(b, ref) for b in found if (ref := b[2].customer or b[1].customer)]
    roots = reader.roots({ref for _, ref in named}, question.until)
    wanted = reader.customers(question.scope, question.until) or ()
    return [b for b, ref in named if roots[ref] in wanted]
