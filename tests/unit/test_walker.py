"""Deliveries out of raw bytes, packed by our frames and by py-amqp's own serialisation."""

from struct import pack as struct_pack

import pytest
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from shared.consume.walker import Walker
from shared.events.wire import Message
from shared.relay.frames import pack

text = st.text(max_size=40).filter(lambda value: len(value.encode()) < 200)
HEARTBEAT = b"\x08\x00\x00\x00\x00\x00\x00\xce"


def method(body: bytes) -> bytes:
    """Return a method frame."""
    return struct_pack(">BHI", 1, 1, len(body)) + body + b"\xce"


def delivered(message: Message, tag: int, redelivered: bool = False) -> bytes:
    """Return the frames in which the broker delivers a message."""
    packed = pack(message, 1, "x", 4096)
    content = packed[packed.index(b"\xce\x02\x00\x01") + 1 :]
    arguments = dumps("sLbss", ("consumer", tag, redelivered, "exchange", message.routing_key))
    return method(b"\x00\x3c\x00\x3c" + arguments) + content


@given(
    st.lists(st.tuples(st.dictionaries(text, text, max_size=5), st.binary(max_size=9000), text), max_size=5),
    st.data(),
)
def test_however_the_bytes_are_cut(
    items: list[tuple[dict[str, str], bytes, str]], data: st.DataObject
) -> None:
    """Every message comes out whole, once, in order, with its tag."""
    messages = [Message("a.b", headers, body, name) for headers, body, name in items]
    raw = b"".join(delivered(message, tag) + HEARTBEAT for tag, message in enumerate(messages, 1))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=8)))
    walker = Walker()
    found = [one for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True) for one in walker.feed(raw[a:b])]
    assert [tag for tag, _ in found] == list(range(1, len(messages) + 1))
    assert [(d.headers, d.body, d.message_id, d.routing_key, d.content_type) for _, d in found] == [
        (m.headers, m.body, m.message_id, m.routing_key, m.content_type) for m in messages
    ]
    assert walker.rest == b""


def test_headers_of_every_type_are_read() -> None:
    """Numbers, booleans, lists and tables, as other clients send them."""
    headers = {"x-death": [{"count": 2, "queue": "a"}], "n": 7, "yes": True, "s": "text"}
    properties = struct_pack(">HHQH", 60, 0, 0, 1 << 13) + dumps("F", (headers,))
    frame = struct_pack(">BHI", 2, 1, len(properties)) + properties + b"\xce"
    arguments = dumps("sLbss", ("consumer", 1, True, "exchange", "key"))
    [(_, delivery)] = Walker().feed(method(b"\x00\x3c\x00\x3c" + arguments) + frame)
    assert delivery.headers == headers
    assert delivery.redelivered


def test_a_cancelled_consumer_is_an_error() -> None:
    """Anything but a delivery ends the connection, so that it is opened again."""
    with pytest.raises(ConnectionError, match="consumer"):
        Walker().feed(method(b"\x00\x3c\x00\x1e" + dumps("sb", ("consumer", True))))
