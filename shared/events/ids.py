"""Deterministic ids: a retry names the same thing, so it can be recognised."""

import os
import time
import uuid
from zlib import crc32

NAMESPACE = uuid.UUID("6f1d2c52-6f0e-5c51-9f0e-2f6a0c7c3b10")


def event_id(command_id: str, index: int) -> str:
    """Return the id of the `index`-th event a command causes."""
    return str(uuid.uuid5(NAMESPACE, f"{command_id}/{index}"))


def command_id_of(source: str, source_event_id: str, reader: str) -> str:
    """Return the id of the command that `reader` derives from a channel event."""
    return str(uuid.uuid5(NAMESPACE, f"{reader}<{source}|{source_event_id}"))


def derived(*parts: str) -> str:
    """Return an id derived from `parts`; equal parts give equal ids."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def fresh() -> str:
    """Return a new time-ordered id (UUID version 7, RFC 9562 section 5.7)."""
    stamp = time.time_ns() // 1_000_000
    number = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | (0x7 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=number))


def partition_of(key: str, partitions: int) -> int:
    """Return the partition of a stream or routing key: a contract, fixed for the life of a log."""
    return crc32(key.encode()) % partitions
