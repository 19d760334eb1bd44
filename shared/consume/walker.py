"""Deliveries out of raw bytes: a consumer's frames are walked by hand, at a third of the cost of a driver."""

from struct import Struct
from struct import error as StructError  # noqa: N812 - it is a class
from typing import Any

from amqp.exceptions import AMQPError
from amqp.serialization import _read_item

from shared.consume.delivery import Delivery

Tagged = tuple[int, Delivery]

_METHOD, _HEADER, _BODY, _HEARTBEAT = 1, 2, 3, 8
_DELIVER = b"\x00\x3c\x00\x3c"  # class 60, method 60
_HARMLESS = (b"\x00\x0a\x00\x3c", b"\x00\x0a\x00\x3d")  # connection.blocked, connection.unblocked
_SHORT_PROPERTIES = {15: "content_type", 14: "", 10: "", 9: "", 8: "", 7: "message_id"}
_OCTETS = (12, 11)
_frame, _long, _longlong, _flags = (Struct(code).unpack_from for code in (">BHI", ">I", ">Q", ">H"))


class Walker:
    """Takes the bytes of one consuming channel as they come, however they are cut."""

    def __init__(self, rest: bytes = b"") -> None:
        self.rest = rest
        self._method, self._header, self._missing = b"", b"", 0
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> list[Tagged]:
        """Return the deliveries now complete, with their tags.

        Raises ConnectionError when the broker says anything but a delivery: it cancels or closes.
        """
        rest, at, found = self.rest + data, 0, list[Tagged]()
        while len(rest) - at >= 8:
            kind, _, size = _frame(rest, at)
            after = at + size + 8
            if after > len(rest):
                break
            self._take(kind, rest[at + 7 : after - 1], found)
            at = after
        self.rest = rest[at:]
        return found

    def _take(self, kind: int, payload: bytes, found: list[Tagged]) -> None:
        if kind == _BODY:
            self._pieces.append(payload)
            self._missing -= len(payload)
        elif kind == _HEADER:
            (self._missing,) = _longlong(payload, 4)
            self._header, self._pieces = payload, []
        else:
            self._note(kind, payload)
            return
        if not self._missing:
            found.append(_delivery(self._method, self._header, b"".join(self._pieces)))

    def _note(self, kind: int, payload: bytes) -> None:
        if kind == _METHOD and payload[:4] == _DELIVER:
            self._method = payload
        elif kind != _HEARTBEAT and payload[:4] not in _HARMLESS:
            raise ConnectionError(f"the broker ended the consumer: {payload[4:].decode(errors='replace')!r}")


def _delivery(method: bytes, header: bytes, body: bytes) -> Tagged:
    at = 5 + method[4]
    (tag,) = _longlong(method, at)
    redelivered = bool(method[at + 8] & 1)
    at += 9
    at += 1 + method[at]
    key = method[at + 1 : at + 1 + method[at]].decode("utf-8", "surrogateescape")
    try:
        headers, named = _properties(header)
    except (StructError, IndexError, ValueError, AMQPError):
        headers, named = {}, {}  # the delivery goes on without them, to be refused with a reason
    return tag, Delivery(
        body, headers, named.get("content_type", ""), key, named.get("message_id", ""), redelivered
    )


def _properties(header: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    (flags,), at = _flags(header, 12), 14
    headers: dict[str, Any] = {}
    named: dict[str, str] = {}
    for bit in range(15, 6, -1):
        if not flags >> bit & 1:
            continue
        if bit == 13:
            headers, at = _table(header, at)
        elif bit in _OCTETS:
            at += 1
        else:
            end = at + 1 + header[at]
            named[_SHORT_PROPERTIES[bit]] = header[at + 1 : end].decode("utf-8", "surrogateescape")
            at = end
    return headers, named


def _table(raw: bytes, at: int) -> tuple[dict[str, Any], int]:
    end = at + 4 + _long(raw, at)[0]
    at += 4
    found: dict[str, Any] = {}
    while at < end:
        after = at + 1 + raw[at]
        name = raw[at + 1 : after].decode("utf-8", "surrogateescape")
        if raw[after] == 83:  # a long string, as all headers of ours are
            at = after + 5 + _long(raw, after + 1)[0]
            found[name] = raw[after + 5 : at].decode("utf-8", "surrogateescape")
        else:
            found[name], at = _read_item(raw, after)
    return found, end
