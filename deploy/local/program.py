"""A program of ours that runs in the background: the broker, the database."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from deploy.local.packages import Say
from deploy.local.processes import end_group
from deploy.local.refusal import Refusal


class Program(ABC):
    """Start, stop and kill one program of a folder; its output goes to `output.log` there."""

    title = "program"
    patience = 30.0

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self, say: Say = print) -> None:
        """Make the folder ready."""

    @abstractmethod
    def command(self) -> list[str]:
        """How it is started in the foreground."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What it needs beyond the caller's environment."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it serves."""

    @property
    def running(self) -> bool:
        """Whether the process started by this object is alive."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self.process.pid if self.process is not None and self.running else None

    def start(self, timeout: float | None = None, say: Say = print) -> None:
        """Start it (once) and return when it serves.

        Raises:
            Refusal: it ended or did not serve within `timeout` seconds; with the last lines it wrote.
        """
        if not self.running:
            self.spawn(say)
        self.wait_ready(timeout)

    def spawn(self, say: Say = print) -> None:
        """Start it without waiting for it."""
        self.prepare(say)
        with (self.directory / "output.log").open("ab") as output:
            self.process = subprocess.Popen(
                self.command(),
                env=os.environ | self.environment(),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, timeout: float | None = None) -> None:
        """Return once it serves; see `start`."""
        deadline = time.monotonic() + (timeout or self.patience)
        while not self.ready():
            if not self.running or time.monotonic() > deadline:
                raise Refusal(f"The {self.title} did not start; it last said:\n{self.last_words()}")
            time.sleep(0.05)

    def last_words(self, lines: int = 15) -> str:
        """The end of its output."""
        path = self.directory / "output.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""

    def stop(self, timeout: float = 10.0) -> None:
        """Ask it to end and wait; after `timeout` seconds by force."""
        if self.process is None or not self.running:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it and everything it started, without warning."""
        if self.process is None or not self.running:
            return
        end_group(self.process.pid, number)
        self.process.wait(10)
