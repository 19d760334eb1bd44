"""Finding and ending the processes of one folder."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.processes import MARK, claim, free_port, marked, sweep
from deploy.local.refusal import Refusal
from deploy.local.servers import NEIGHBOURS
from tests.waiting import eventually

IGNORES_TERM = (
    "import signal,time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
)
SLEEPS = "import time; print('up', flush=True); time.sleep(60)"


def start(code: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start a marked process and return when it runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {MARK: str(folder)}, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of another folder whose name begins alike."""
    process = start(SLEEPS, tmp_path / "home-of-another")
    yield process
    process.kill()
    process.communicate()


def test_sweep_ends_this_folder_only(tmp_path: Path, stranger: subprocess.Popen[bytes]) -> None:
    """Polite ones and stubborn ones of the folder end; a neighbour stays."""
    home = tmp_path / "home"
    polite, stubborn = start(SLEEPS, home), start(IGNORES_TERM, home / "broker")
    assert {p.pid for p in marked(home)} == {polite.pid, stubborn.pid}
    sweep(home, grace=0.3)
    assert (polite.wait(5), stubborn.wait(5)) == (-15, -9)
    assert stranger.poll() is None
    eventually(lambda: not marked(home))


def test_an_occupied_port_is_one_sentence(tmp_path: Path) -> None:
    """It names the port, its purpose, and what to change."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Refusal, match=rf"^Port {port}, needed for the broker,.*RAPPORT_PORT_BASE\.$"):
            claim(port, "broker")


def test_a_free_port_has_free_neighbours() -> None:
    """The broker needs three ports at fixed distances."""
    port = free_port(NEIGHBOURS)
    for offset in NEIGHBOURS:
        claim(port + offset, "test")


def test_a_port_is_given_once_though_nothing_listens_on_it_yet() -> None:
    """And below the range of outgoing connections, which would take it while its program is down."""
    spans = [free_port(NEIGHBOURS) for _ in range(500)]
    ports = {port + offset for port in spans for offset in NEIGHBOURS}
    assert len(ports) == 1500
    assert max(ports) < 32768
