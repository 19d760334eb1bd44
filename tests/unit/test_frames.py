"""Frames packed by hand, read back by py-amqp."""

from struct import unpack_from

import amqp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.wire import Message
from shared.relay.frames import pack

text = st.text(max_size=60).filter(lambda value: len(value.encode()) < 200)


def frames(raw: bytes) -> list[tuple[int, int, bytes]]:
    """Split bytes into frames."""
    found, at = [], 0
    while at < len(raw):
        kind, channel, size = unpack_from(">BHI", raw, at)
        found.append((kind, channel, raw[at + 7 : at + 7 + size]))
        assert raw[at + 7 + size] == 0xCE
        at += size + 8
    return found


@given(st.dictionaries(text, text, max_size=8), st.binary(max_size=20_000), text)
def test_py_amqp_reads_what_we_pack(headers: dict[str, str], body: bytes, name: str) -> None:
    """Properties, headers and body come out as they went in, in frames no larger than agreed."""
    packed = frames(pack(Message("a.b.1", headers, body, name), 1, "rapport.events", 8192))
    assert [kind for kind, _, _ in packed[:2]] == [1, 2]
    assert all(len(payload) <= 8192 - 8 for _, _, payload in packed)
    message = amqp.Message()
    message.inbound_header(packed[1][2])
    assert message.properties["application_headers"] == headers
    assert (message.properties["message_id"], message.properties["delivery_mode"]) == (name, 2)
    assert b"".join(payload for _, _, payload in packed[2:]) == body


def test_headers_that_do_not_fit_are_refused() -> None:
    """A header frame larger than agreed would end the connection for everybody."""
    with pytest.raises(ValueError, match="exceed"):
        pack(Message("a", {"x": "y" * 5000}, b"", "1"), 1, "e", 4096)
