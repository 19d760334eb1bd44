"""A message as the broker delivered it, and the CloudEvent inside, if there is one."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared.errors import FieldError, Invalid
from shared.events.wire import JSON, STRUCTURED

BATCHED = "application/cloudevents-batch+json"
REQUIRED = ("specversion", "id", "source", "type")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw message: nothing is decoded yet, so nothing can be lost for its content type or its bytes."""

    body: bytes
    headers: Mapping[str, Any]
    content_type: str = ""
    routing_key: str = ""
    message_id: str = ""
    redelivered: bool = False


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """The attributes of a CloudEvent, all as strings, and its data as JSON bytes."""

    attributes: Mapping[str, str]
    data: bytes


def parse(delivery: Delivery) -> CloudEvent:
    """Return the CloudEvent of a delivery in binary or structured mode. Raises Invalid with the reason."""
    kind = delivery.content_type.split(";")[0].strip().lower()
    if kind == STRUCTURED:
        return _complete(_structured(delivery.body))
    if kind == BATCHED:
        raise Invalid(FieldError("/datacontenttype", "a message carries one event, not a batch"))
    if kind != JSON:
        raise Invalid(FieldError("/datacontenttype", f"is {kind or 'missing'}, expected {JSON}"))
    known = {_name(k): str(v) for k, v in delivery.headers.items() if k[:3].lower() in ("ce-", "ce_")}
    return _complete(CloudEvent(known, delivery.body))


def _structured(body: bytes) -> CloudEvent:
    try:
        item = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid(FieldError("", f"is not JSON: {error}")) from error
    if not isinstance(item, dict):
        raise Invalid(FieldError("", "is not a JSON object"))
    known = {name: value for name, value in item.items() if not name.startswith("data")}
    if nested := [name for name, value in known.items() if isinstance(value, dict | list)]:
        raise Invalid(*(FieldError(f"/{name}", "needs to be a text") for name in nested))
    known = {name: str(value) for name, value in known.items()}
    return CloudEvent(known | {"datacontenttype": JSON}, _data(item))


def _data(item: Mapping[str, Any]) -> bytes:
    if "data_base64" not in item:
        try:
            return orjson.dumps(item.get("data"))
        except orjson.JSONEncodeError as error:
            raise Invalid(FieldError("/data", "is nested too deeply")) from error
    try:
        return b64decode(item["data_base64"], validate=True)
    except (ValueError, TypeError) as error:
        raise Invalid(FieldError("/data_base64", f"is not base64: {error}")) from error


def _complete(event: CloudEvent) -> CloudEvent:
    missing = [FieldError(f"/{name}", "is missing") for name in REQUIRED if not event.attributes.get(name)]
    if missing:
        raise Invalid(*missing)
    if event.attributes["specversion"] != "1.0":
        raise Invalid(FieldError("/specversion", "must be 1.0"))
    garbled = [
        FieldError(f"/{name}", "is not UTF-8") for name, text in event.attributes.items() if not _clean(text)
    ]
    if garbled:
        raise Invalid(*garbled)
    return event


def _clean(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text) if not text.isascii() else True


def _name(header: str) -> str:
    return header[3:].lower()
