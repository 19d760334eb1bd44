"""Request bodies: read within limits, unpacked, parsed, and checked for what no store can hold."""

import re
import zlib
from typing import IO, Any

import orjson

from shared.errors import Invalid
from shared.http.problem import Problem
from shared.storable import suspicious, unstorable

Environ = dict[str, Any]

_JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json", re.IGNORECASE)


def read(environ: Environ, limit: int) -> bytes:
    """The whole body, at most `limit` bytes. Raises: Problem 400, 408, 413."""
    size = _announced(environ)
    if size is not None and size > limit:
        raise _too_large(limit)
    if size == 0 or (size is None and not environ.get("wsgi.input_terminated")):
        return b""
    data = _receive(environ["wsgi.input"], limit + 1 if size is None else size)
    if len(data) > limit:
        raise _too_large(limit)
    if size is not None and len(data) < size:
        raise Problem(400, "The body is shorter than its Content-Length.", kind="short-body")
    return data


def _announced(environ: Environ) -> int | None:
    text = environ.get("CONTENT_LENGTH")
    if text in (None, ""):
        return None
    if not (isinstance(text, str) and text.isascii() and text.isdigit()):
        raise Problem(400, "Content-Length is not a number.", kind="bad-content-length")
    return int(text[:19])


def _receive(stream: IO[bytes], size: int) -> bytes:
    try:
        return stream.read(size)
    except TimeoutError as error:
        raise Problem(408, "The body did not arrive in time.") from error
    except (OSError, ValueError) as error:
        raise Problem(400, "The body could not be read.", kind="broken-body") from error


def _too_large(limit: int) -> Problem:
    return Problem(413, f"The body may have at most {limit} bytes.", kind="too-large")


def unpack(data: bytes, encoding: str | None, limit: int) -> bytes:
    """`data` without its Content-Encoding, at most `limit` bytes. Raises: Problem 400, 413, 415."""
    if not data or not encoding or encoding == "identity":
        return data
    if encoding.lower() not in ("gzip", "x-gzip"):
        raise Problem(415, "Content-Encoding may be gzip or identity.", headers={"Accept-Encoding": "gzip"})
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(data, limit + 1)
    except zlib.error as error:
        raise Problem(400, "The body is not gzip.", kind="broken-body") from error
    if len(plain) > limit:
        raise _too_large(limit)
    if not inflater.eof or inflater.unused_data:
        raise Problem(400, "The body is not one complete gzip member.", kind="broken-body")
    return plain


def require_type(content_type: str, allowed: tuple[str, ...]) -> None:
    """Raises: Problem 415 unless `allowed` has the type; `application/json` also allows `+json`."""
    plain = content_type.split(";", 1)[0].strip().lower()
    if plain in allowed or ("application/json" in allowed and _JSON_TYPE.fullmatch(plain)):
        return
    raise Problem(415, f"The body must be {' or '.join(allowed)}.", headers={"Accept": ", ".join(allowed)})


def parse(data: bytes, depth: int) -> Any:
    """`data` as JSON, nested at most `depth` deep. Raises: Problem 400; Invalid for NUL and huge numbers."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        detail = f"The body is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise Problem(400, detail, kind="malformed-json") from None
    if data.count(b"[") + data.count(b"{") > depth:
        _require_depth(value, depth)
    if suspicious(data):
        _require_storable(value)
    return value


def _require_depth(value: Any, depth: int) -> None:
    level = [value]
    for _ in range(depth + 1):
        level = [
            c for v in level if isinstance(v, dict | list) for c in (v.values() if type(v) is dict else v)
        ]
        if not level:
            return
    raise Problem(400, f"The body is nested more than {depth} deep.", kind="too-deep")


def _require_storable(value: Any) -> None:
    errors = list(unstorable(value, ""))
    if errors:
        raise Invalid(*errors[:100])
