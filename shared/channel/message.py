"""A channel event on the wire: CloudEvents 1.0 in binary mode, with its routing key."""

import json
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

JSON = "application/json"
# Strongest first: all events in which a source names one customer the same way take one partition, in order.
IDENTIFIERS = ("customer_no", "loyalty_id", "email", "phone", "visitor_id")


@dataclass(frozen=True, slots=True)
class Message:
    """One event ready to be published."""

    id: str
    key: str
    headers: dict[str, str]
    body: bytes

    def to_line(self) -> bytes:
        """Write the message as one line of JSON."""
        line = {"id": self.id, "key": self.key, "headers": self.headers, "body": self.body.decode()}
        return json.dumps(line, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Message":
        """Read what `to_line` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        known = json.loads(line)
        return cls(known["id"], known["key"], known["headers"], known["body"].encode())


def message(
    source: str, kind: str, data: Mapping[str, Any], moment: datetime, event_id: str, partitions: int
) -> Message:
    """Return the message of one checked event. `moment` has a time zone; ValueError when data is no JSON."""
    partition = partition_of(source, data, event_id, partitions)
    headers = {
        "ce-specversion": "1.0",
        "ce-id": event_id,
        "ce-source": source,
        "ce-type": kind,
        "ce-time": _rfc3339(moment),
        "ce-datacontenttype": JSON,
        "ce-channel": kind.split(".")[1],
        "ce-partition": str(partition),
    }
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return Message(event_id, f"{kind}.{partition}", headers, body)


def partition_of(source: str, data: Mapping[str, Any], event_id: str, partitions: int) -> int:
    """Return the partition of an event: by the strongest identifier of its customer, else by its id."""
    customer = data.get("customer") or {}
    named = next((str(customer[kind]) for kind in IDENTIFIERS if customer.get(kind)), event_id)
    return crc32(f"{source}|{named}".encode()) % partitions


def fresh_id() -> str:
    """Return a new time-ordered id (UUID version 7)."""
    number = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | (0x7 << 76)
    return str(uuid.UUID(int=number & ~(0x3 << 62) | (0x2 << 62)))


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
