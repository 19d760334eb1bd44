"""Rebuild the customer view of one database; tell rate, processor time and peak memory: `URL DATABASE`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from services.analytics.views.customer import CUSTOMER
from shared.project.journal import Journal
from shared.project.pointer import pointer
from shared.project.rebuild import JOBS, Rebuild, remove
from shared.project.transact import open_database
from shared.store.client import connect


def rebuild(url: str, name: str) -> dict[str, float]:
    """Return events per second from the first entry to the flip, processor time of each, the peak in MB."""
    with connect(url) as client:
        database = open_database(client, name)
        journal = Journal(database)
        work = Rebuild(journal, CUSTOMER)
        job = work.begin()
        begun = time.process_time()
        old = work.fold(job.collection)
        busy = time.process_time() - begun
        remove(database, old)
        spent = _seconds(database[JOBS].find_one({"_id": job.collection}) or {})
        if pointer(database, "customer").collection != job.collection:
            raise RuntimeError("the pointer was not moved")
        return {
            "rate": job.head / spent,
            "busy_us": 1e6 * busy / job.head,
            "peak_mb": _peak_mb(),
        }


def _peak_mb() -> float:
    # Not `getrusage`: its peak is that of the process this one was started by, if that was larger.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _seconds(job: dict[str, Any]) -> float:
    # To the flip: removing the old views afterwards holds nobody up.
    return float((job["ended_at"] - job["begun_at"]).total_seconds())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rebuild(*sys.argv[1:])) + "\n")
