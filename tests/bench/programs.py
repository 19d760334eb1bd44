"""Programs of a measure: started in a process of their own, ended when they have told their number."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.place import ROOT
from deploy.local.processes import end_group

PATIENCE = 120.0


@contextmanager
def running(module: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m module arguments` while inside; its standard error is shown when it fails."""
    with tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        try:
            yield process
        except EOFError:
            errors.seek(0)
            raise RuntimeError(f"{module} ended early:\n{errors.read()[-3000:].decode()}") from None
        finally:
            if process.poll() is None:
                end_group(process.pid, signal.SIGKILL)
            process.wait(10)


def told(process: subprocess.Popen[bytes], patience: float = PATIENCE) -> dict[str, float]:
    """Return the line of JSON a program writes. Raises EOFError when it ends without one."""
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], patience)
    if not ready:
        raise TimeoutError(f"process {process.pid} said nothing for {patience} s")
    line = os.fsdecode(process.stdout.readline())
    if not line:
        raise EOFError
    found: dict[str, float] = json.loads(line)
    return found
