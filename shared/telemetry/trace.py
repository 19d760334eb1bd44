"""W3C trace context: which distributed request a piece of work belongs to."""

import os
import re
from dataclasses import dataclass
from typing import Self

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


@dataclass(frozen=True, slots=True)
class Traceparent:
    """One span of a trace; `str` gives the header's value."""

    trace_id: str
    span_id: str
    flags: str = "01"

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    @classmethod
    def new(cls) -> Self:
        """The root of a new trace."""
        return cls(os.urandom(16).hex(), os.urandom(8).hex())

    def child(self) -> "Traceparent":
        """A new span of the same trace."""
        return Traceparent(self.trace_id, os.urandom(8).hex(), self.flags)


def parse(text: str | None) -> Traceparent | None:
    """Read a `traceparent` header; anything the recommendation calls invalid is None."""
    match = _FORM.fullmatch(text or "")
    if not match or match[1] == "ff" or (match[1] == "00" and match[5]):
        return None
    if not match[2].strip("0") or not match[3].strip("0"):
        return None
    return Traceparent(match[2], match[3], match[4])


def continued(text: str | None) -> Traceparent:
    """A span of the trace the caller named, or the root of a new one."""
    parent = parse(text)
    return parent.child() if parent else Traceparent.new()
