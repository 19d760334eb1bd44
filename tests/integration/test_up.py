"""`./rapport up` from start to Ctrl-C, with stand-ins for the services."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pymongo
import pytest
import requests

from deploy.local.database import Database
from deploy.local.place import ROOT, SERVICES, Place
from deploy.local.processes import free_port, marked
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(180)]
SPAN = range(21)


class Up:
    """One folder in which `up` is started and stopped."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder.resolve(), free_port(SPAN))
        self.output = folder.parent / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Up":
        """Start it and return when it says that it runs."""
        self.output.write_text("")
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, env=self.environment, cwd=ROOT, stdout=output, stderr=output
            )
        eventually(self.is_ready, timeout=90)
        return self

    command = (sys.executable, "-m", "tests.stand_in_up")

    @property
    def environment(self) -> dict[str, str]:
        """The folder and its ports, and no servers of somebody else."""
        own = {"RAPPORT_HOME": str(self.place.home), "RAPPORT_PORT_BASE": str(self.place.base)}
        rest = {k: v for k, v in os.environ.items() if k not in ("RAPPORT_AMQP_URL", "RAPPORT_MONGODB_URL")}
        return rest | own

    def is_ready(self) -> bool:
        """Whether it has said what there is to say."""
        assert self.process is not None
        if self.process.poll() is not None:
            raise SystemExit(self.output.read_text())
        return self.place.ready_note.exists()

    def again(self) -> subprocess.CompletedProcess[str]:
        """A further `up` in the same folder, to its end."""
        return subprocess.run(
            self.command,
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Signal it; the seconds it took to end."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - began


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A running system."""
    system = Up(tmp_path / "home")
    system.place.home.mkdir()
    try:
        yield system.start()
    finally:
        for process in marked(system.place.home):
            with suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile
                process.kill()
        if system.process is not None and system.process.poll() is None:
            system.process.kill()
            system.process.wait()


def databases(up: Up) -> "pymongo.MongoClient[dict[str, object]]":
    """A client of the folder's database."""
    return pymongo.MongoClient(Database(up.place.home / "database", up.place.database_port).url)


def test_up_stops_in_time_leaves_nothing_and_finds_its_data_again(up: Up) -> None:
    """Ctrl-C ends everything within ten seconds; the next `up` has the same data and the same keys."""
    with databases(up) as client:
        client.shop.things.insert_one({"_id": "kept"})
    assert all(requests.get(up.place.url(name), timeout=5).json()["service"] == name for name in SERVICES)
    keys = [line for line in up.output.read_text().splitlines() if " rk_" in line]
    assert up.stop() < 10
    assert marked(up.place.home) == []
    assert up.process is not None
    assert up.process.returncode == 0
    up.start()
    with databases(up) as client:
        assert client.shop.things.find_one() == {"_id": "kept"}
    assert [line for line in up.output.read_text().splitlines() if " rk_" in line][:6] == keys[:6]


def test_a_second_up_is_refused_in_one_sentence(up: Up) -> None:
    """It names the process that runs and how to stop it, and disturbs nothing."""
    assert up.process is not None
    second = up.again()
    assert second.returncode == 1
    assert second.stdout.strip() == (
        f"Rapport already runs here (process {up.process.pid}): './rapport down' stops it."
    )
    assert requests.get(up.place.url("sales"), timeout=5).ok


def test_up_recovers_from_being_killed(up: Up) -> None:
    """After SIGKILL of `up` itself its children are orphans: the next `up` ends them and starts anew."""
    orphans = {process.pid for process in marked(up.place.home)}
    up.stop(signal.SIGKILL)
    up.place.ready_note.unlink()
    up.start()
    assert "an earlier run left behind" in up.output.read_text()
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in orphans))
    assert up.stop(signal.SIGTERM) < 10
    assert marked(up.place.home) == []


def test_a_killed_service_is_started_again(up: Up) -> None:
    """The process manager brings a crashed service back on its port."""
    url = up.place.url("support")
    crashed = next(p for p in marked(up.place.home) if p.environ().get("RAPPORT_SERVICE") == "support")
    crashed.kill()
    eventually(lambda: requests.get(url, timeout=1).ok and not psutil.pid_exists(crashed.pid), timeout=20)


def test_an_occupied_port_stops_up_before_anything_starts(tmp_path: Path) -> None:
    """One sentence names the port; nothing is left."""
    import socket

    system = Up(tmp_path / "home")
    system.place.home.mkdir()
    with socket.create_server(("127.0.0.1", system.place.ports["campaigns"])):
        refused = system.again()
    assert refused.returncode == 1
    last = refused.stdout.strip().splitlines()[-1]
    assert last.startswith(f"Port {system.place.ports['campaigns']}, needed for the campaigns")
    assert marked(system.place.home) == []
