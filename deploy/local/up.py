"""`./rapport up`: from a fresh clone to a running system, until Ctrl-C."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deploy.local.detached import detach
from deploy.local.place import Place
from deploy.local.refusal import Refusal
from deploy.local.screen import Screen
from deploy.local.single import only_one
from deploy.local.stack import ServiceCommand, Stack, real_service
from deploy.local.supervision import log_tail
from deploy.local.welcome import channel_keys, welcome

WATCH = 1.0  # seconds between two looks at the programs


def main(arguments: Sequence[str] | None = None, command: ServiceCommand = real_service) -> int:
    """Run until told to stop; 0 after an orderly stop, 1 with one sentence when something is in the way."""
    options = _parser().parse_args(arguments)
    screen = Screen()
    try:
        place = Place.read()
        if options.detach:
            return detach(place, ["--demo"] if options.demo else [], screen)
        with only_one(place):
            _run(Stack(place, command), screen, demo=options.demo)
    except Refusal as refusal:
        screen.refuse(refusal)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rapport up", description="Start everything on this machine.")
    parser.add_argument("--demo", action="store_true", help="play a living sample company")
    parser.add_argument(
        "--detach", action="store_true", help="return when all is ready; stop with './rapport down'"
    )
    return parser


def _run(stack: Stack, screen: Screen, demo: bool) -> None:
    with _signals_interrupt():
        try:
            _start(stack, screen, demo)
            _watch(stack, screen)
        except KeyboardInterrupt:
            screen.say("")
        finally:
            _ignore_signals()
            with screen.step("stopping services, database and broker"):
                stack.stop()
                stack.place.ready_note.unlink(missing_ok=True)


def _start(stack: Stack, screen: Screen, demo: bool) -> None:
    stack.start(screen)
    with screen.step("channel keys") as step:
        keys = channel_keys(stack, step)
    if demo:
        stack.supervisor.order("startProcess", "extras:demo", False)
        screen.say(f"The sample company plays; its log is {stack.place.logs / 'demo.log'}")
    welcome(stack, keys, screen)
    screen.say("Ctrl-C (or './rapport down') stops everything; the data stays.")
    stack.place.ready_note.touch()


def _watch(stack: Stack, screen: Screen) -> None:
    down: set[str] = set()
    while stack.supervisor.running:
        ended = stack.supervisor.ended()
        for name in sorted(ended - down):
            screen.say(f"{name} has ended and is started again; its log: {stack.place.logs / name}.log")
        for name in sorted(down - ended):
            screen.say(f"{name} runs again")
        down = ended
        time.sleep(WATCH)
    raise Refusal(f"The process manager ended:\n{log_tail(stack.place.logs / 'supervisord.out')}")


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _interrupt)
    yield


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
