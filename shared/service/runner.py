"""Hosts one service until it is told to stop, and then ends within five seconds, whatever is down."""

import signal
from importlib import import_module
from typing import Any

import eventlet

from shared.service.base import Service
from shared.service.container import SafeContainer

DEADLINE_SECONDS = 3.8
MAX_WORKERS = 50


def service_class(name: str) -> type[Service]:
    """Return the one `Service` subclass of `services.<name>.service` that carries this name."""
    module = import_module(f"services.{name}.service")
    found = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Service)]
    return next(kind for kind in found if kind.name == name)


def build(name: str, settings: Any) -> Any:
    """Return what `services.<name>.bootstrap.build(settings)` wires."""
    return import_module(f"services.{name}.bootstrap").build(settings)


def host(service: type[Service], settings: Any, app: Any) -> None:
    """Run `service` until SIGTERM or SIGINT. Returns after an orderly end; SIGALRM ends a stuck one."""
    config = {
        "AMQP_URI": settings.amqp_url,
        "settings": settings,
        "app": app,
        "max_workers": MAX_WORKERS,
    }
    container = SafeContainer(service, config)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _shut_down(container))
    container.start()
    _wait(container)
    # Last, because dependencies stop side by side and some of them still say goodbye to the database.
    getattr(app, "close", lambda: None)()


def _shut_down(container: SafeContainer) -> None:
    # The kernel keeps the promise when a step hangs in C or in a driver; a second signal changes nothing.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if not signal.getitimer(signal.ITIMER_REAL)[0]:
        signal.setitimer(signal.ITIMER_REAL, DEADLINE_SECONDS)
        eventlet.spawn_n(container.stop)


def _wait(container: SafeContainer) -> None:
    # A signal that comes while the hub waits on a socket interrupts the main greenthread: wait aside.
    ended = eventlet.spawn(container.wait)
    while True:
        try:
            ended.wait()
        except InterruptedError:
            continue
        signal.setitimer(signal.ITIMER_REAL, 0)
        return
