"""Calculations in a process of their own: the service goes on answering, and stays small.

scipy and statsmodels take 100 MB and a fit takes the core for as long as it lasts; inside the service both
would be everybody's. A process costs about a second to start, which nobody waits for.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from shared.errors import Error

SECONDS = 300
QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class NoResult(Error):
    """The calculation led to nothing; the text says why."""


def calculate(work: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a calculation of `work.py`. Raises NoResult."""
    asked = json.dumps({"work": work, "inputs": inputs})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "services.analytics.predictions"],
            input=asked, text=True, capture_output=True, timeout=SECONDS, check=False, env=os.environ | QUIET,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NoResult(f"the calculation took longer than {SECONDS} s") from error
    if done.returncode:
        raise NoResult(
            f"the calculation failed: {done.stderr.strip().rpartition(chr(10))[2] or done.returncode}"
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    if "reason" in answer:
        raise NoResult(answer["reason"])
    return dict(answer["result"])
