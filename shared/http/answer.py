"""What a handler returns, and how it becomes bytes."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson

JSON = "application/json"
_WORTH_PACKING = 2048
_PACKABLE = ("application/json", "application/problem+json", "application/x-ndjson", "text/")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next_cursor` is None on the last one."""

    items: Sequence[Any]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `body` is JSON data, a Page, bytes or an iterator of bytes; `etag` a stream version.

    `status` None stands for the status the route declares.
    """

    body: Any = None
    status: int | None = None
    etag: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str | None = None
    content_type: str = JSON


def encode(body: Any) -> bytes | Iterator[bytes]:
    """`body` as bytes; iterators of bytes are streamed as they are, None is empty."""
    if body is None:
        return b""
    if isinstance(body, bytes | Iterator):
        return body
    if isinstance(body, str):
        return body.encode()
    return orjson.dumps(body, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def packed(body: bytes, content_type: str, accepted: str) -> bytes | None:
    """`body` under gzip when the caller accepts it and it is worth it, else None."""
    if len(body) < _WORTH_PACKING or "gzip" not in accepted or not content_type.startswith(_PACKABLE):
        return None
    return gzip.compress(body, compresslevel=4, mtime=0)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Page):
        return {"items": list(value.items), "next_cursor": value.next_cursor}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
