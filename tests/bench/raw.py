"""What the broker itself can do: frames made before the clock runs, answers read without being understood."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from struct import Struct, unpack_from
from typing import Any

import amqp
from kombu import Connection

from shared.events.wire import Message
from shared.relay.frames import pack

_head, _ack = Struct(">BHI").unpack_from, Struct(">QB").unpack_from
CONFIRMED, DELIVERED = b"\x00\x3c\x00\x50", b"\x00\x3c\x00\x3c"
LOT, WINDOW, ACK_EVERY, WAIT = 100, 2_000, 500, 30.0


def _patient(url: str) -> Connection:
    # py-amqp would give up a socket that a busy broker does not read from for one second.
    settings = {socket.TCP_USER_TIMEOUT: int(WAIT * 1e3)}
    connection = Connection(url, transport_options={"socket_settings": settings})
    connection.connect()
    return connection


class RawPublisher:
    """One thread writes prebuilt frames as fast as the socket takes them, another reads the confirms."""

    def __init__(self, url: str, exchange: str, messages: Sequence[Message]) -> None:
        self._owner = _patient(url)
        self._amqp: Any = self._owner.connection
        channel: amqp.Channel = self._amqp.channel()
        channel.confirm_select()
        frames = [pack(m, channel.channel_id, exchange, self._amqp.frame_max) for m in messages]
        self._lots = [b"".join(frames[at : at + LOT]) for at in range(0, len(frames), LOT)]
        self._count, self._confirmed, self._moved = len(frames), 0, threading.Event()

    def publish(self) -> None:
        """Return when every message is confirmed."""
        sock: socket.socket = self._amqp.transport.sock
        reader = threading.Thread(target=self._read, args=(sock, self._confirmed + self._count))
        before = self._confirmed
        reader.start()
        for number, lot in enumerate(self._lots):
            while before + number * LOT - self._confirmed > WINDOW:  # a flooded broker is a slower one
                self._moved.wait(WAIT)
                self._moved.clear()
            sock.sendall(lot)
        reader.join(WAIT)
        if reader.is_alive():
            raise TimeoutError(f"{self._confirmed} of {self._count} messages confirmed")

    def close(self) -> None:
        """End the connection."""
        self._amqp.close()

    def _read(self, sock: socket.socket, last: int) -> None:
        done: set[int] = set()
        for payload in frames_from(sock):
            if payload[:4] != CONFIRMED:
                continue
            tag, multiple = _ack(payload, 4)
            done.update(range(self._confirmed + 1, tag + 1) if multiple else (tag,))
            while self._confirmed + 1 in done:
                self._confirmed += 1
                done.discard(self._confirmed)
            self._moved.set()
            if self._confirmed >= last:
                return


def frames_from(sock: socket.socket) -> Iterator[memoryview]:
    """Yield the payload of every frame that arrives."""
    sock.settimeout(WAIT)
    rest = b""
    while True:
        data = rest + sock.recv(1 << 20)
        at, end = 0, len(data)
        view = memoryview(data)
        while at + 7 <= end:
            size = unpack_from(">I", data, at + 3)[0]
            if at + size + 8 > end:
                break
            yield view[at + 7 : at + 7 + size]
            at += size + 8
        rest = data[at:]


def drain(url: str, queue: str, count: int) -> float:
    """Take `count` messages off a queue, acknowledging every 500th with all before it.

    Returns messages per second after the first.
    """
    owner = _patient(url)
    transport: Any = owner.connection
    channel: amqp.Channel = transport.channel()
    channel.basic_qos(0, 2 * ACK_EVERY, False)
    channel.basic_consume(queue)
    sock: socket.socket = transport.transport.sock
    seen, begun = 0, 0.0
    for payload in frames_from(sock):
        if payload[:4] != DELIVERED:
            continue
        begun = begun or time.perf_counter()
        seen += 1
        if seen % ACK_EVERY == 0 or seen == count:
            sock.sendall(_multiple(channel.channel_id, seen))
        if seen == count:
            break
    spent = time.perf_counter() - begun
    transport.close()
    return (count - 1) / spent


def _multiple(channel: int, tag: int) -> bytes:
    return Struct(">BHIHHQBB").pack(1, channel, 13, 60, 80, tag, 1, 0xCE)
