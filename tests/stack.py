"""The five services as real processes, for tests: kill one, restart it, look at its log."""

import hashlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import requests

from deploy.local.place import ROOT, SERVICES
from deploy.local.processes import MARK, end_group, free_port, sweep
from deploy.local.stack import readiness, real_service
from deploy.local.supervision import log_tail
from tests.waiting import eventually

READY = 60.0  # seconds; two cores may be busy with other tests


class RunningStack:
    """Services on free ports against one virtual host and one database prefix."""

    def __init__(
        self,
        folder: Path,
        amqp_url: str,
        mongodb_url: str,
        prefix: str,
        names: Iterable[str] = SERVICES,
        command: Callable[[str], list[str]] = real_service,
        settings: dict[str, str] | None = None,
    ) -> None:
        self.folder, self.names, self.command = folder.resolve(), tuple(names), command
        self.amqp_url, self.mongodb_url, self.prefix = amqp_url, mongodb_url, prefix
        self.admin_key, self.service_key = f"rk_{secrets.token_hex(20)}", f"rk_{secrets.token_hex(20)}"
        self.identity_key, self.master_key = secrets.token_hex(32), secrets.token_hex(32)
        self.ports = {name: free_port() for name in SERVICES}
        self.settings = settings or {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.folder.mkdir(parents=True, exist_ok=True)

    def environment(self, name: str) -> dict[str, str]:
        """Every setting of one service."""
        peers = {f"RAPPORT_{peer.upper()}_URL": self.url(peer) for peer in SERVICES}
        return peers | {
            "RAPPORT_SERVICE": name,
            "RAPPORT_HTTP_PORT": str(self.ports[name]),
            "RAPPORT_AMQP_URL": self.amqp_url,
            "RAPPORT_MONGODB_URL": self.mongodb_url,
            "RAPPORT_DATABASE_PREFIX": self.prefix,
            "RAPPORT_ADMIN_KEY_SHA256": hashlib.sha256(self.admin_key.encode()).hexdigest(),
            "RAPPORT_SERVICE_KEY": self.service_key,
            "RAPPORT_IDENTITY_KEY": self.identity_key,
            "RAPPORT_MASTER_KEY": self.master_key,
            "PYTHONUNBUFFERED": "1",
            MARK: str(self.folder),
            **self.settings,
        }

    def url(self, name: str) -> str:
        """Base address of a service."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self) -> "RunningStack":
        """Start all services and return when each is ready."""
        for name in self.names:
            self.spawn(name)
        for name in self.names:
            self.wait_ready(name)
        return self

    def spawn(self, name: str) -> None:
        """Start one service without waiting for it."""
        with self.log(name).open("ab") as output:
            self.processes[name] = subprocess.Popen(
                self.command(name),
                cwd=ROOT,
                env=os.environ | self.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, name: str, timeout: float = READY) -> None:
        """Return when the service is ready; fail with the end of its log."""

        def looks_ready() -> bool:
            if self.processes[name].poll() is not None:
                raise SystemExit(f"{name} ended:\n{log_tail(self.log(name), 30)}")
            if why := readiness(self.url(name)):
                raise AssertionError(f"{name}: {why}\n{log_tail(self.log(name), 30)}")
            return True

        eventually(looks_ready, timeout)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End one service without warning (or with the signal given) and wait until it is gone."""
        process = self.processes[name]
        if process.poll() is None:
            end_group(process.pid, number)
        process.wait(10)

    def restart(self, name: str) -> None:
        """Kill it if it runs, start it again, return when it is ready."""
        self.kill(name)
        self.spawn(name)
        self.wait_ready(name)

    def stop(self) -> None:
        """Stop all in order and leave nothing behind."""
        for process in self.processes.values():
            process.terminate()
        sweep(self.folder, grace=8)
        for process in self.processes.values():
            process.wait(10)

    def log(self, name: str) -> Path:
        """The file a service writes to."""
        return self.folder / f"{name}.log"

    def request(
        self, method: str, service: str, path: str, key: str = "", **options: Any
    ) -> requests.Response:
        """One HTTP request, as administrator unless a key is given."""
        headers = {"Authorization": f"Bearer {key or self.admin_key}"} | options.pop("headers", {})
        return requests.request(method, self.url(service) + path, headers=headers, timeout=30, **options)

    def get(self, service: str, path: str, **options: Any) -> requests.Response:
        """GET, see `request`."""
        return self.request("GET", service, path, **options)

    def post(self, service: str, path: str, **options: Any) -> requests.Response:
        """POST, see `request`."""
        return self.request("POST", service, path, **options)

    def channel_key(self, source: str, *types: str) -> str:
        """A channel's API key for the types given (patterns; all channel types when none)."""
        body = {"name": source, "scopes": ["events:write"], "source": source, "types": types or ["channel.*"]}
        answer = self.post("contacts", "/v1/keys", json=body)
        answer.raise_for_status()
        return str(answer.json()["key"])


def stand_in(name: str) -> list[str]:
    """The command of a program that looks like a service from outside."""
    return [sys.executable, "-m", "tests.stand_in"]
