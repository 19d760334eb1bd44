"""Heavy work in a process of its own: the service goes on answering, and stays small.

What calculates and draws takes 100 MB and the core for as long as it lasts; inside the service both would be
everybody's. A process costs about a second to start.
"""

import os
import subprocess
import sys

from shared.errors import Error

SECONDS = 300
QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class Failed(Error):
    """The process came to nothing; the text says why."""


def aside(module: str, asked: bytes) -> bytes:
    """Return what `python -m <module>` writes when it reads `asked`. Raises Failed."""
    command = [sys.executable, "-m", module]
    try:
        done = subprocess.run(
            command, input=asked, capture_output=True, timeout=SECONDS, check=False, env=os.environ | QUIET
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{module} took longer than {SECONDS} s") from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Failed(f"{module} failed: {last or done.returncode}")
    return done.stdout
