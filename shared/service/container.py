"""nameko's container, with a shutdown that ends, a preparation that waits, and loops that are watched."""

import logging
import time
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer

log = logging.getLogger(__name__)

# Entrypoints have waited for their own workers before; with them, workers and loops stay below five seconds.
WORKERS_SECONDS = 0.3


class SafePool(GreenPool):
    """A pool whose `waitall` ends: the stock one can wait for ever on an event that a spawn replaced."""

    def waitall(self) -> None:
        """Return when all workers are done; after a moment the others are killed."""
        deadline = time.monotonic() + WORKERS_SECONDS
        while (self.running() or self.waiting()) and time.monotonic() < deadline:
            eventlet.sleep(0.02)
        for worker in list(self.coroutines_running):
            worker.kill()


class SafeContainer(ServiceContainer):
    """Hosts a service; `config["app"]` is what its bootstrap built, `config["settings"]` its settings."""

    def __init__(self, service_cls: type, config: dict[str, Any]) -> None:
        super().__init__(service_cls, config)
        self._worker_pool = SafePool(size=self.max_workers)
        self.prepared = Signal()

    @property
    def app(self) -> Any:
        """What the service's bootstrap built."""
        return self.config.get("app")

    def worker_pool_is_full(self) -> bool:
        """Whether spawning a worker would block."""
        return bool(self._worker_pool.free() <= 0)

    def troubles(self) -> dict[str, str]:
        """Return what keeps the service from being ready, by the name of the part."""
        found = {} if self.prepared.ready() else {"preparation": "the service is still being prepared"}
        for extension in self.extensions:
            trouble = extension.trouble() if hasattr(extension, "trouble") else None
            if trouble:
                found[_name_of(extension)] = trouble
        return found

    def revive(self) -> None:
        """Start background loops again that have died."""
        for extension in self.extensions:
            if hasattr(extension, "revive") and self.started:
                extension.revive()


def _name_of(extension: Any) -> str:
    return str(getattr(extension, "attr_name", None) or getattr(extension, "method_name", None) or extension)
