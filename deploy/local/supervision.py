"""supervisord as process manager: its configuration, its life, and what it knows about the programs."""

import os
import pwd
import shlex
import subprocess
import sys
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy.local.place import ROOT, Place
from deploy.local.processes import MARK

HEAD = """\
[supervisord]
nodaemon=true
directory={root}
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={home}/supervisord.pid
childlogdir={logs}
user={user}

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """
[program:{name}]
command={command}
environment={environment}
autostart={autostart}
autorestart=true
startsecs=1
startretries=4
stopwaitsecs={patience}
killasgroup=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2
redirect_stderr=true
"""
GROUP = """
[group:{name}]
programs={programs}
priority={priority}
"""


ALIVE = ("RUNNING", "STARTING", "STOPPING")


@dataclass(frozen=True, slots=True)
class Child:
    """One supervised program; `patience` is the seconds it gets to stop by itself."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: int = 5
    autostart: bool = False


def configuration(place: Place, groups: Mapping[str, Sequence[Child]]) -> str:
    """The process manager's file: groups start in the order given and stop in the opposite one."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    values = {"home": place.home, "logs": place.logs, "socket": place.socket, "root": ROOT, "user": user}
    text = [HEAD.format(**{name: _literal(str(value)) for name, value in values.items()})]
    for order, (name, children) in enumerate(groups.items(), 1):
        text += [_program(place, child) for child in children]
        programs = ",".join(child.name for child in children)
        text.append(GROUP.format(name=name, programs=programs, priority=order * 10))
    return "".join(text)


def _program(place: Place, child: Child) -> str:
    pairs = (f'{name}="{_literal(value)}"' for name, value in child.environment.items())
    return PROGRAM.format(
        name=child.name,
        command=_literal(shlex.join(child.command)),
        environment=",".join(pairs),
        autostart=str(child.autostart).lower(),
        patience=child.patience,
        logs=_literal(str(place.logs)),
    )


def _literal(text: str) -> str:
    return text.replace("%", "%%")


class Supervisor:
    """The running process manager of one place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, groups: Mapping[str, Sequence[Child]], environment: Mapping[str, str]) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us alone and we stop it in order."""
        path = self.place.home / "supervisord.conf"
        path.write_text(configuration(self.place, groups))
        self.place.logs.mkdir(exist_ok=True)
        # One that was killed leaves its socket: whoever finds it would call nobody (test_supervision.py).
        self.place.socket.unlink(missing_ok=True)
        with (self.place.logs / "supervisord.out").open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-n", "-c", str(path)],
                env=os.environ | dict(environment) | {MARK: str(self.place.home)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        """Whether the process manager we started is alive."""
        return self.process is not None and self.process.poll() is None

    def order(self, what: str, *arguments: Any) -> Any:
        """Give one order (XML-RPC method of supervisord) and return its answer."""
        transport = SupervisorTransport(None, None, f"unix://{self.place.socket}")
        with xmlrpc.client.ServerProxy("http://localhost", transport=transport) as proxy:
            return getattr(proxy.supervisor, what)(*arguments)

    def states(self) -> dict[str, dict[str, Any]]:
        """What it knows about each program: statename, pid, spawnerr, exitstatus, ...; nothing at first."""
        try:
            return {info["name"]: info for info in self.order("getAllProcessInfo")}
        except (FileNotFoundError, ConnectionRefusedError):  # it does not listen yet, or no more
            return {}

    def ended(self) -> set[str]:
        """The programs that were started and do not run; one it has given up on is started once more."""
        states = self.states().values()
        ended = [state for state in states if state["start"] and state["statename"] not in ALIVE]
        for state in (state for state in ended if state["statename"] == "FATAL"):
            self.order("startProcess", f"{state['group']}:{state['name']}", False)
        return {state["name"] for state in ended}

    def stop(self, timeout: float = 9.0) -> None:
        """Stop all programs in order, then the process manager; what still stands is left to `sweep`."""
        if self.process is None or not self.running:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()


def log_tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else "(no log)"
