"""The HTTP server under nameko: slow, broken and huge requests hurt nobody but their sender."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from select import select
from urllib.parse import quote

import pytest
import requests

from shared.http.serving import DRAIN_SECONDS
from tests.waiting import eventually

KEY = {"Authorization": "Bearer administrators-key"}
HEAD = "POST /size HTTP/1.1\r\nHost: notes\r\nAuthorization: Bearer administrators-key\r\n"


class Served:
    """The service in its own process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.http_served"], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def talk(self, data: bytes) -> bytes:
        """Send `data`, then read until the server closes."""
        with self.connect() as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def naps(self) -> int:
        """How many naps have begun."""
        return requests.get(f"{self.url}/naps", headers=KEY, timeout=5).json()["begun"]

    def stop(self) -> float:
        """Seconds from SIGTERM to the end of the process."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """One server for the tests that leave it running."""
    server = Served()
    yield server
    server.process.kill()
    server.process.wait()


@pytest.fixture
def own() -> Iterator[Served]:
    """A server of the test's own, to be stopped."""
    server = Served()
    yield server
    server.process.kill()
    server.process.wait()


@pytest.mark.parametrize("name", ["2026/123", "a%2Fb", "50 %", "ü💥", "../x"])
def test_a_name_may_hold_what_separates_others(served: Served, name: str) -> None:
    """A slash that is written as %2F belongs to the name."""
    answer = requests.get(f"{served.url}/notes/{quote(name, safe='')}/text", headers=KEY, timeout=5)
    assert answer.json() == {"name": name}
    assert requests.get(f"{served.url}/notes/2026/123/text", headers=KEY, timeout=5).status_code == 404


def test_half_sent_bodies_starve_nobody(served: Served) -> None:
    """A hundred clients that stop in the middle of a body: others are answered before these are given up."""
    halves = [served.connect() for _ in range(100)]
    for half in halves:
        half.sendall(f"{HEAD}Content-Length: 100\r\n\r\nhalf".encode())
    assert requests.post(f"{served.url}/size", data=b"x" * 10, headers=KEY, timeout=20).json() == {"size": 10}
    assert select(halves, [], [], 0)[0] == []
    for half in halves:
        half.close()


def test_a_half_sent_body_is_told_to_be_late(served: Served) -> None:
    """A body that stops arriving is answered 408 within the socket's time, and the connection closed."""
    begun = time.monotonic()
    answer = served.talk(f"{HEAD}Content-Length: 100\r\n\r\nhalf".encode())
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in answer
    assert time.monotonic() - begun < 9


def test_a_chunked_body_arrives_whole(served: Served) -> None:
    """Chunked bodies are read to their end, and the connection serves the next request."""
    with requests.Session() as session:
        for _ in range(2):
            chunks = (b"abc" for _ in range(1000))
            assert session.post(f"{served.url}/size", data=chunks, headers=KEY, timeout=5).json() == {
                "size": 3000
            }


def test_a_chunked_body_has_a_limit_too(served: Served) -> None:
    """Without a Content-Length the limit is found while reading."""
    head = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
    assert served.talk(head + b"200000\r\n" + b"x" * 0x200000).startswith(b"HTTP/1.1 413")


def test_a_broken_chunk_is_a_problem(served: Served) -> None:
    """A chunk without a size is 400, not a crash."""
    assert served.talk(f"{HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode()).startswith(b"HTTP/1.1 400")


def test_a_huge_body_is_refused_readably(served: Served) -> None:
    """100 MB are refused by their Content-Length, and the sender can read the 413."""
    answer = requests.post(f"{served.url}/size", data=b"x" * 100_000_000, headers=KEY, timeout=20)
    assert answer.status_code == 413
    assert answer.headers["Connection"] == "close"
    assert answer.json()["detail"] == "The body may have at most 1048576 bytes."


def test_a_route_may_take_more(served: Served) -> None:
    """The limit is the route's own when it declares one."""
    answer = requests.post(f"{served.url}/big", data=b"x" * 4_000_000, headers=KEY, timeout=20)
    assert answer.json() == {"size": 4_000_000}


def test_a_stranger_is_refused_before_his_body(served: Served) -> None:
    """Without a key no body is read: the answer comes while the body is still missing."""
    head = HEAD.replace("administrators-key", "wrong")
    assert served.talk(f"{head}Content-Length: 1000000\r\n\r\n".encode()).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 4\r\nContent-Length: 9",
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Content-Length: -4",
        "Content-Length: 4x",
    ],
)
def test_an_ambiguous_length_never_smuggles(served: Served, lengths: str) -> None:
    """Two readings of a body's length get one refusal and a closed connection, never a second request."""
    answer = served.talk(f"{HEAD}{lengths}\r\n\r\nbodyGET /healthz HTTP/1.1\r\n\r\n".encode())
    assert b" 400 " in answer.split(b"\r\n")[0]
    assert answer.count(b"HTTP/1.") == 1


@pytest.mark.parametrize(
    "junk", [b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 9000 + b"\r\n"]
)
def test_what_is_not_http_is_refused(served: Served, junk: bytes) -> None:
    """A head that cannot be parsed is answered with a status below 500 or 505, and closed."""
    status = served.talk(junk)[9:12]
    assert status in (b"400", b"414", b"505")


def test_broken_json_is_a_problem(served: Served) -> None:
    """Broken JSON is 400 with its place, and the connection stays usable."""
    with requests.Session() as session:
        session.headers.update({**KEY, "Content-Type": "application/json"})
        broken = session.post(f"{served.url}/notes", data=b'{"text": ', timeout=5)
        assert (broken.status_code, broken.headers["Content-Type"]) == (400, "application/problem+json")
        assert session.post(f"{served.url}/notes", data=b'{"text": "x"}', timeout=5).json() == {"text": "x"}


def test_a_body_waits_for_permission(served: Served) -> None:
    """`Expect: 100-continue` is answered before the body is read."""
    with served.connect() as connection:
        connection.sendall(f"{HEAD}Content-Length: 4\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(b"body")
        assert b'{"size":4}' in eventually(lambda: connection.recv(65536))


def test_health_answers_while_all_workers_are_busy(served: Served) -> None:
    """Health needs no worker: it answers at once while more requests run than there are slots."""
    with ThreadPoolExecutor(80) as pool:
        naps = [
            pool.submit(requests.get, f"{served.url}/nap/1.5", headers=KEY, timeout=20) for _ in range(80)
        ]
        begun = time.monotonic()
        assert requests.get(f"{served.url}/healthz", timeout=5).json() == {"alive": True}
        assert time.monotonic() - begun < 1
        assert {nap.result().status_code for nap in naps} == {200}


def test_an_idle_server_stops_at_once(own: Served) -> None:
    """SIGTERM ends an idle server without waiting, though clients keep connections alive."""
    with requests.Session() as session:
        assert session.get(f"{own.url}/healthz", timeout=5).ok
        assert own.stop() < DRAIN_SECONDS
    assert own.process.returncode == 0


def test_a_stop_waits_for_the_answer(own: Served) -> None:
    """A request in flight gets its answer after SIGTERM; a new connection is refused meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        nap = pool.submit(requests.get, f"{own.url}/nap/1.2", headers=KEY, timeout=10)
        eventually(own.naps)
        own.stop()
        assert nap.result().json() == {"slept": 1.2}
    with pytest.raises(ConnectionRefusedError):
        own.connect()


def test_a_stop_does_not_wait_for_ever(own: Served) -> None:
    """Requests that take too long are cut, and the process ends long before they would have."""
    with ThreadPoolExecutor(1) as pool:
        nap = pool.submit(requests.get, f"{own.url}/nap/30.0", headers=KEY, timeout=40)
        eventually(own.naps)
        assert own.stop() < 10
        assert nap.exception() is not None
