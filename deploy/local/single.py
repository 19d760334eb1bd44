"""One `up` per folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.place import Place
from deploy.local.refusal import Refusal


def already_running(process: int | None) -> Refusal:
    """The sentence for a second `up`."""
    return Refusal(f"Rapport already runs here (process {process}): './rapport down' stops it.")


@contextmanager
def only_one(place: Place) -> Iterator[None]:
    """Hold the folder's lock; the system gives it back however we end.

    Raises:
        Refusal: another `up` holds it.
    """
    with place.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise already_running(owner(place)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def owner(place: Place) -> int | None:
    """The process id of the `up` that runs here, if one does."""
    if not place.lock.exists() or not _is_held(place):
        return None
    text = place.lock.read_text()
    return int(text) if text.isdigit() else None


def _is_held(place: Place) -> bool:
    with place.lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
