"""SIGKILL for every process in turn, in a seeded order, at seeded moments; each starts again at once."""

import random
import threading
import time
from collections.abc import Callable

from deploy.local.program import Program
from deploy.local.servers import Servers
from tests.stack import RunningStack


class Killer:
    """Kills services, broker and database while a load runs, one after the other."""

    def __init__(self, stack: RunningStack, servers: Servers, seed: int, rounds: int = 1) -> None:
        self.stack, self.servers, self.rounds = stack, servers, rounds
        self.chance = random.Random(seed)
        self.killed: list[str] = []
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run)

    def start(self) -> "Killer":
        """Begin."""
        self.thread.start()
        return self

    def join(self, timeout: float) -> None:
        """Return when everything was killed and serves again."""
        self.thread.join(timeout)
        if self.error:
            raise AssertionError(f"after {self.killed}: {str(self.error)[:2_000]}")
        if self.thread.is_alive():
            raise AssertionError(f"after {self.killed} the last one does not come back")

    def _run(self) -> None:
        pause = threading.Event()
        try:
            for name in self._order():
                pause.wait(self.chance.uniform(1.0, 5.0))
                self._kill(name)
        except BaseException as error:  # told by `join`
            self.error = error

    def _order(self) -> list[str]:
        names = [*self.stack.names, "broker", "database"]
        order: list[str] = []
        for _ in range(self.rounds):
            self.chance.shuffle(names)
            order += names
        return order

    def _kill(self, name: str) -> None:
        began = time.monotonic()
        self._one(name)()
        self.killed.append(f"{name} ({time.monotonic() - began:.1f} s)")

    def _one(self, name: str) -> Callable[[], None]:
        if name in ("broker", "database"):
            program: Program = getattr(self.servers, name)
            return lambda: _again(program)
        return lambda: self.stack.restart(name)


def _again(program: Program) -> None:
    program.kill()
    program.start()
