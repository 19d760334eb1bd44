"""Take things in lots; ask for keys in small ones: a large `$in` is quadratic on the embedded database."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
LOT = 50


def in_lots(items: Iterable[T], size: int = LOT) -> Iterator[list[T]]:
    """Yield `items` in lists of at most `size`, and take no more of them than that ahead."""
    rest = iter(items)
    while lot := list(islice(rest, size)):
        yield lot
