"""CloudEvents in messages: binary, structured, and everything that is neither."""

from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.consume.delivery import Delivery, parse
from shared.errors import Invalid
from shared.events.wire import JSON, STRUCTURED, decode, encode
from tests.unit.examples import event

ATTRIBUTES = {"specversion": "1.0", "id": "1", "source": "web-shop", "type": "channel.web.page_viewed.v1"}
DEEP = orjson.dumps(ATTRIBUTES)[:-1] + b',"data":' + b"[" * 500 + b"]" * 500 + b"}"


def test_binary_mode() -> None:
    """Headers are the attributes, the body is the data."""
    found = parse(
        Delivery(b'{"a":1}', {f"ce-{k}": v for k, v in ATTRIBUTES.items()}, "application/json; charset=utf-8")
    )
    assert (dict(found.attributes), found.data) == (ATTRIBUTES, b'{"a":1}')


def test_structured_mode() -> None:
    """One JSON object carries both."""
    found = parse(Delivery(orjson.dumps(ATTRIBUTES | {"data": {"a": 1}}), {}, STRUCTURED))
    assert (dict(found.attributes), found.data) == (ATTRIBUTES | {"datacontenttype": JSON}, b'{"a":1}')


def test_structured_mode_with_bytes() -> None:
    """Data may come as base64."""
    found = parse(Delivery(orjson.dumps(ATTRIBUTES | {"data_base64": "e30="}), {}, STRUCTURED))
    assert found.data == b"{}"


@pytest.mark.parametrize(
    ("delivery", "reason"),
    [
        (Delivery(b"[]", {}, "application/cloudevents-batch+json"), "one event, not a batch"),
        (Delivery(b"x", {}, "text/plain"), "is text/plain"),
        (Delivery(b"x", {}), "is missing"),
        (Delivery(b"\xff", {}, STRUCTURED), "is not JSON"),
        (Delivery(b"[]", {}, STRUCTURED), "not a JSON object"),
        (Delivery(b"{}", {"ce-id": "1"}, JSON), "/source: is missing"),
        (Delivery(orjson.dumps(ATTRIBUTES | {"specversion": "0.3"}), {}, STRUCTURED), "must be 1.0"),
        (Delivery(orjson.dumps(ATTRIBUTES | {"data_base64": "?"}), {}, STRUCTURED), "is not base64"),
        (
            Delivery(orjson.dumps(ATTRIBUTES | {"subject": ["a"]}), {}, STRUCTURED),
            "/subject: needs to be a text",
        ),
        (Delivery(DEEP, {}, STRUCTURED), "/data: is nested too deeply"),
        (
            Delivery(b"{}", {f"ce-{k}": v for k, v in ATTRIBUTES.items()} | {"ce-id": "\udcff"}, JSON),
            "not UTF-8",
        ),
    ],
)
def test_what_is_no_event_is_refused_with_a_reason(delivery: Delivery, reason: str) -> None:
    """Every refusal says what is wrong."""
    with pytest.raises(Invalid, match=reason):
        parse(delivery)


@given(
    st.binary(),
    st.dictionaries(st.text(), st.text() | st.integers()),
    st.sampled_from([JSON, STRUCTURED, "?"]),
)
def test_any_bytes_give_an_event_or_a_refusal(body: bytes, headers: dict[str, object], kind: str) -> None:
    """Nothing else ever comes out of a message."""
    with suppress(Invalid):
        assert parse(Delivery(body, headers, kind)).attributes["id"]


def test_a_domain_event_survives_the_wire() -> None:
    """What the relay encodes a consumer decodes."""
    message = encode(event(7, 3))
    assert decode(message.headers, message.body) == event(7, 3)
