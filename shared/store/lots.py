"""Ask for many keys in small lots: one large `$in` is quadratic on the embedded database."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
LOT = 50


def in_lots(keys: Sequence[T], size: int = LOT) -> Iterator[list[T]]:
    """Yield `keys` in lists of at most `size`."""
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])
