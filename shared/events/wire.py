"""Domain events on the wire: CloudEvents 1.0, binary mode over AMQP 0-9-1 and JSON over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared.errors import FieldError, Invalid
from shared.events.clock import parse_rfc3339, rfc3339
from shared.events.event import Event, Meta

JSON = "application/json"
STRUCTURED = "application/cloudevents+json"
# Attribute on the wire -> field of Meta.
META = {
    "actor": "actor",
    "channel": "channel",
    "customer": "customer",
    "correlationid": "correlation_id",
    "causationid": "causation_id",
    "commandid": "command_id",
    "origin": "source",
    "originid": "source_event_id",
    "traceparent": "traceparent",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What goes into the broker: string headers, a JSON body and the key that routes it."""

    routing_key: str
    headers: Mapping[str, str]
    body: bytes
    message_id: str
    content_type: str = JSON


def attributes(event: Event) -> dict[str, str]:
    """Return the CloudEvents attributes of a recorded event, all as strings."""
    known = {
        "specversion": "1.0",
        "id": event.id,
        "source": f"/rapport/{event.service}",
        "type": event.full_type,
        "subject": event.stream,
        "time": rfc3339(event.occurred_at),
        "datacontenttype": JSON,
        "recordedtime": rfc3339(event.recorded_at),
        "stream": event.stream,
        "version": str(event.version),
        "position": str(event.position),
        "previous": str(event.previous),
        "partition": str(event.partition),
    }
    for name, field in META.items():
        value = getattr(event.meta, field)
        if value is not None:
            known[name] = value
    return known


def encode(event: Event) -> Message:
    """Return the AMQP message of an event; `decode` is its inverse."""
    headers = {f"ce-{name}": value for name, value in attributes(event).items()}
    return Message(f"{event.full_type}.{event.partition}", headers, orjson.dumps(event.data), event.id)


def decode(headers: Mapping[str, Any], body: bytes) -> Event:
    """Return the event of an AMQP message. Raises Invalid naming the header or the body."""
    known = {name[3:].lower(): str(value) for name, value in headers.items() if name[:3].lower() == "ce-"}
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid(FieldError("/data", f"is not JSON: {error}")) from error
    return from_attributes(known, data)


def to_json(event: Event) -> dict[str, Any]:
    """Return the structured-mode JSON object of an event."""
    return {**attributes(event), "data": dict(event.data)}


def from_json(item: Mapping[str, Any]) -> Event:
    """Return the event of a structured-mode JSON object. Raises Invalid naming the attribute."""
    return from_attributes({k: str(v) for k, v in item.items() if k != "data"}, item.get("data"))


def from_attributes(known: Mapping[str, str], data: Any) -> Event:
    """Build the event from string attributes. Raises Invalid naming the attribute that is wrong."""
    try:
        _, service, kind, schema = known["type"].split(".")
        return Event(
            id=known["id"],
            service=service,
            stream=known["stream"],
            version=int(known["version"]),
            position=int(known["position"]),
            partition=int(known["partition"]),
            previous=int(known["previous"]),
            type=kind,
            schema=int(schema.removeprefix("v")),
            data=data,
            occurred_at=parse_rfc3339(known["time"]),
            recorded_at=parse_rfc3339(known["recordedtime"]),
            meta=Meta(**{field: known[name] for name, field in META.items() if name in known}),
        )
    except KeyError as error:
        raise Invalid(FieldError(f"/{error.args[0]}", "is missing")) from error
    except (ValueError, TypeError) as error:
        raise Invalid(FieldError("", f"is not a recorded event: {error}")) from error
