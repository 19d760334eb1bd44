"""`up --detach` and `down`: the same system without a terminal of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import psutil

from deploy.local.place import ROOT, Place
from deploy.local.processes import sweep
from deploy.local.refusal import Refusal
from deploy.local.screen import Screen
from deploy.local.single import already_running, owner
from deploy.local.supervision import log_tail


def detach(place: Place, options: Sequence[str], screen: Screen) -> int:
    """Start `up` in the background and return when all is ready.

    Raises:
        Refusal: it gave up; with what it said.
    """
    if running := owner(place):
        raise already_running(running)
    place.ready_note.unlink(missing_ok=True)
    place.logs.mkdir(exist_ok=True)
    log = place.logs / "up.log"
    with screen.step("everything, in the background") as step, log.open("wb") as output:
        child = _spawn(options, output.fileno())
        while not place.ready_note.exists():
            if child.poll() is not None:
                raise Refusal(log_tail(log, 20))
            step.note(log_tail(log, 1))
            time.sleep(0.2)
    screen.say(log.read_text())
    return 0


def _spawn(options: Sequence[str], output: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.local.up", *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def down(place: Place, screen: Screen) -> int:
    """Stop what runs here, also what an `up` that was killed left behind."""
    running = owner(place)
    if running is None:
        left = sweep(place.home, grace=8)
        screen.say(f"ended what was left: {', '.join(sorted(set(left)))}" if left else "Nothing runs here.")
        return 0
    with screen.step("stopping"):
        up = psutil.Process(running)
        os.kill(running, signal.SIGTERM)
        up.wait(timeout=20)
    return 0


def main() -> int:
    """`./rapport down`."""
    screen = Screen()
    try:
        return down(Place.read(), screen)
    except Refusal as refusal:
        screen.refuse(refusal)
        return 1


if __name__ == "__main__":
    sys.exit(main())
