"""Find, wait for and end the processes of one folder, and of no other."""

import os
import random
import signal
import socket
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil

from deploy.local.refusal import Refusal

MARK = "RAPPORT_PART_OF"  # set for every process we start: the folder it belongs to
LETTING_GO = 2.0  # seconds; the threads of a killed program end one by one, and the last one closes its port
_GIVEN: set[int] = set()  # ports picked by this process, so that two programs not started yet never share one


def marked(home: Path) -> list[psutil.Process]:
    """Every other process that was started for this folder: the mark in its environment says so."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [p for p in psutil.process_iter() if p.pid not in own and _belongs(p, home)]


def _belongs(process: psutil.Process, home: Path) -> bool:
    try:
        mark = process.environ().get(MARK)
    except (psutil.Error, OSError):  # gone meanwhile, or somebody else's: not ours either way
        return False
    return mark is not None and Path(mark).is_relative_to(home)


def sweep(home: Path, grace: float = 5.0) -> list[str]:
    """End what is left of this folder, politely for `grace` seconds, then by force; return the names."""
    found = marked(home)
    names = [_name_of(p) for p in found]
    _signal(found, signal.SIGTERM)
    stubborn = wait_gone(found, grace)
    _signal(stubborn, signal.SIGKILL)
    wait_gone(stubborn, 3)
    return names


def wait_gone(processes: Iterable[psutil.Process], timeout: float) -> list[psutil.Process]:
    """Wait until they have ended; return those that have not after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    left = list(processes)
    while (left := [p for p in left if _alive(p)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _alive(process: psutil.Process) -> bool:
    try:  # ended but not yet collected by its parent is ended
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _name_of(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return "gone"


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def end_group(leader: int, number: signal.Signals) -> None:
    """Signal a process group and return when all of its members are gone."""
    members = [p for p in psutil.process_iter() if _group_of(p.pid) == leader]
    os.killpg(leader, number)
    wait_gone(members, 10)


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def listening(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def claim(port: int, purpose: str) -> None:
    """Make sure the port is free; a program that is ending has a moment to let it go.

    Raises:
        Refusal: somebody else listens there.
    """
    deadline = time.monotonic() + LETTING_GO
    while not _bindable(port):
        if time.monotonic() > deadline:
            raise _occupied(port, purpose)
        time.sleep(0.02)


def _occupied(port: int, purpose: str) -> Refusal:
    return Refusal(
        f"Port {port}, needed for the {purpose}, is already in use{_owner(port)}: "
        "stop that program, or choose other ports with RAPPORT_PORT_BASE."
    )


def _bindable(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _owner(port: int) -> str:
    try:
        connections = psutil.net_connections("tcp")
    except psutil.Error:
        return ""
    pids = [c.pid for c in connections if c.laddr and c.laddr.port == port and c.status == "LISTEN" and c.pid]
    return f" by {_name_of(psutil.Process(pids[0]))} (process {pids[0]})" if pids else ""


def free_port(span: Sequence[int] = (0,)) -> int:
    """A port that is free now, together with its neighbours at the given offsets; never given twice."""
    while True:
        port = random.randint(20000, 29900)  # noqa: S311 - not a secret; below the range of outgoing connections
        wanted = {port + offset for offset in span}
        if wanted.isdisjoint(_GIVEN) and all(map(_bindable, wanted)):
            _GIVEN.update(wanted)
            return port
