"""What no store can hold: NUL characters, and numbers beyond 64 bits."""

import re
from typing import Any

from shared.errors import FieldError

_BOUND = 2**63
_SUSPICIOUS = re.compile(rb"\\u0000|[0-9]{19}|[0-9][eE]\+?[0-9]{2}")


def suspicious(data: bytes) -> bool:
    """Whether JSON may hold something unstorable; most holds nothing, and need not be walked through."""
    return bool(_SUSPICIOUS.search(data))


def unstorable(value: Any, at: str) -> list[FieldError]:
    """What in `value` the database cannot hold: NUL characters, and numbers beyond 64 bits."""
    if isinstance(value, str):
        return [FieldError(at, "may not contain a NUL character")] if "\0" in value else []
    if isinstance(value, int | float):
        return [] if -_BOUND <= value < _BOUND else [FieldError(at, "is beyond 64 bits")]
    if isinstance(value, dict):
        named = [FieldError(at, "may not have a NUL character in a name") for name in value if "\0" in name]
        return named + [e for name, inner in value.items() for e in unstorable(inner, f"{at}/{_step(name)}")]
    if isinstance(value, list):
        return [e for index, inner in enumerate(value) for e in unstorable(inner, f"{at}/{index}")]
    return []


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1").replace("\0", "�")
