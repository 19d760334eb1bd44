"""Folding a projection anew beside the live one, and putting it in its place."""

import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from shared.errors import Conflict, NotFound, Unavailable
from shared.events.clock import Clock, now
from shared.project.entry import Document, Entry
from shared.project.hot import Hot
from shared.project.journal import Journal
from shared.project.lot import Lot
from shared.project.pointer import flip, next_build, prepare_target
from shared.project.projection import Projection
from shared.project.runner import Runner
from shared.project.target import CHECKPOINTS, PARKED, Target
from shared.project.transact import transact
from shared.store.lots import in_lots

JOBS = "rebuilds"
RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"
# Views staged between two writes, entries between two looks at the job, and views kept: all bound the memory.
STAGED, CHUNK, NEAR = 2_000, 2_000, 2_000
KEPT_BYTES = 128_000_000
GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """A rebuild, resumable after a crash: its progress is the checkpoint of its collection."""

    collection: str
    projection: str
    state: str
    position: int
    head: int
    error: str | None = None


class _Cancelled(Exception):
    """Somebody cancelled the rebuild."""


class Rebuild:
    """Starts, resumes, cancels and runs the rebuilds of one projection. Strict: the first error stops it."""

    def __init__(self, journal: Journal, projection: Projection, clock: Clock = now) -> None:
        self._journal, self._projection, self._clock = journal, projection, clock
        self._database: Database[Document] = journal.database
        self._jobs = self._database[JOBS]

    def begin(self) -> Job:
        """Create the collection and the job. Raises Conflict while another one runs."""
        if any(job.state == RUNNING for job in self.jobs()):
            raise Conflict(f"a rebuild of {self._projection.name} is running")
        collection, head = next_build(self._database, self._projection), self._journal.head()
        prepare_target(self._database, collection, self._projection, head)
        fields = {"projection": self._projection.name, "state": RUNNING, "position": 0, "head": head}
        self._jobs.insert_one({"_id": collection, "error": None, "begun_at": self._clock(), **fields})
        return self.job(collection)

    def jobs(self) -> list[Job]:
        """Return all rebuilds of the projection."""
        return [_job(d) for d in self._jobs.find({"projection": self._projection.name})]

    def job(self, collection: str) -> Job:
        """Return one rebuild. Raises NotFound."""
        found = self._jobs.find_one({"_id": collection, "projection": self._projection.name})
        if found is None:
            raise NotFound(f"{self._projection.name} has no rebuild {collection}")
        return _job(found)

    def cancel(self, collection: str) -> Job:
        """Ask a running rebuild to stop; the runner then removes what it had folded."""
        self._jobs.update_one({"_id": collection, "state": RUNNING}, {"$set": {"state": CANCELLED}})
        return self.job(collection)

    def run(self, collection: str, live: Runner | None = None, grace: float = GRACE_SECONDS) -> Job:
        """Fold and put in place, remove the old views after `grace` seconds; return the job."""
        old = self.fold(collection, live)
        time.sleep(grace)  # readers may remember the old pointer for a second
        remove(self._database, old)
        return self.job(collection)

    def fold(self, collection: str, live: Runner | None = None) -> str:
        """Fold until caught up, flip the pointer while `live` rests; return what is to be removed."""
        target = Target(self._database, collection, Hot(KEPT_BYTES))
        runner = Runner(self._projection, self._journal, target, strict=True)
        try:
            self._catch_up(runner, collection)
            with live.turn if live else nullcontext():
                while runner.step():
                    pass
                at = runner.target.at.position
                return transact(self._database, lambda session: self._publish(collection, at, session))
        except _Cancelled:
            return collection
        except Unavailable:
            raise  # the job stays as it is and is resumed
        except Exception as error:  # recorded with the job; the live views stay as they were
            self._note(collection, state=FAILED, error=repr(error))
            raise

    def _catch_up(self, runner: Runner, collection: str) -> None:
        while (head := self._journal.head()) - runner.target.at.position > NEAR:
            for chunk in _chunks(self._journal.scan(runner.target.at.position, head)):
                runner.take(Lot(chunk))
                if runner.target.dirty >= STAGED:
                    runner.target.flush()
                self._look(runner, collection, head)
            runner.target.flush()

    def _look(self, runner: Runner, collection: str, head: int) -> None:
        self._note(collection, position=runner.target.at.position, head=head)
        if self.job(collection).state == CANCELLED:
            raise _Cancelled

    def _publish(self, collection: str, position: int, session: ClientSession) -> str:
        done = {"state": DONE, "ended_at": self._clock(), "position": position}
        guard = {"_id": collection, "state": RUNNING}
        if not self._jobs.update_one(guard, {"$set": done}, session=session).matched_count:
            raise _Cancelled
        waiting = {"projection": self._projection.name, "state": "waiting"}
        self._database[PARKED].delete_many(waiting, session=session)
        return flip(self._database, self._projection, collection, session)

    def _note(self, collection: str, **fields: Any) -> None:
        self._jobs.update_one({"_id": collection}, {"$set": fields})


def running(database: Database[Document]) -> set[str]:
    """Return the names of the projections with a rebuild that waits or runs."""
    return {d["projection"] for d in database[JOBS].find({"state": RUNNING}, {"projection": 1})}


def remove(database: Database[Document], collection: str) -> None:
    """Remove a collection of views in small pieces, so that nobody waits behind it."""
    views = database[collection]
    while keys := [d["_id"] for d in views.find({}, {"_id": 1}).limit(500)]:
        for lot in in_lots(keys):
            views.delete_many({"_id": {"$in": lot}})
    views.drop()
    database[CHECKPOINTS].delete_one({"_id": collection})


def _job(d: Document) -> Job:
    return Job(d["_id"], d["projection"], d["state"], d["position"], d["head"], d["error"])


def _chunks(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while chunk := list(islice(entries, CHUNK)):
        yield chunk
