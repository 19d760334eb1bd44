"""The AsyncAPI 3 document of a service: what it hears from channels, and what it tells everybody."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.contract import Contract

VERSION = "3.0.0"
EXCHANGES = {"receive": "rapport.channels", "send": "rapport.events"}
# CloudEvents 1.0, binary mode; every header is a text.
ALWAYS = ("specversion", "id", "source", "type", "time", "datacontenttype")
SOMETIMES = ("subject", "customer", "correlationid", "causationid", "traceparent")
RECORDED = ("stream", "version", "position", "previous", "partition", "recordedtime", "channel", "actor")


def asyncapi(service: str, contracts: Iterable[Contract], version: str = "1.0.0") -> dict[str, Any]:
    """Return the document of `service`, made of those contracts that it owns."""
    owned = [c for c in contracts if c.owner == service]
    return {
        "asyncapi": VERSION,
        "info": {
            "title": f"Rapport {service}",
            "version": version,
            "description": f"Events that {service} hears from channels, and events that it records.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {c.type: _channel(c) for c in owned},
        "operations": {f"{_action(c)}.{c.type}": _operation(c) for c in owned},
        "components": {
            "messages": {c.type: _message(c) for c in owned},
            "schemas": {c.type: _schema(c) for c in owned},
        },
    }


def _action(contract: Contract) -> str:
    return "receive" if contract.type.startswith("channel.") else "send"


def _channel(contract: Contract) -> dict[str, Any]:
    exchange = {"name": EXCHANGES[_action(contract)], "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": f"{contract.type}.{{partition}}",
        "messages": {"event": {"$ref": f"#/components/messages/{contract.type}"}},
        "parameters": {"partition": {"description": "Order is kept within one partition."}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _operation(contract: Contract) -> dict[str, Any]:
    channel = f"#/channels/{contract.type}"
    return {
        "action": _action(contract),
        "channel": {"$ref": channel},
        "summary": contract.json_schema["description"],
        "messages": [{"$ref": f"{channel}/messages/event"}],
        "bindings": {"amqp": {"deliveryMode": 2, "ack": True, "bindingVersion": "0.3.0"}},
    }


def _message(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.type,
        "title": contract.type,
        "contentType": "application/json",
        "headers": _headers(contract),
        "payload": {"$ref": f"#/components/schemas/{contract.type}"},
        "correlationId": {"location": "$message.header#/ce-correlationid"},
    }


def _headers(contract: Contract) -> dict[str, Any]:
    more = RECORDED if _action(contract) == "send" else ()
    names = [f"ce-{name}" for name in (*ALWAYS, *more)]
    properties: dict[str, Any] = {n: {"type": "string"} for n in names + [f"ce-{n}" for n in SOMETIMES]}
    properties["ce-type"] = {"type": "string", "const": contract.type}
    return {"type": "object", "properties": properties, "required": names}


def _schema(contract: Contract) -> dict[str, Any]:
    return {k: v for k, v in contract.json_schema.items() if k not in ("$schema", "$id")}
