"""Folding a projection anew beside the live one, and putting it in its place."""

import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from shared.errors import Conflict, NotFound, Unavailable
from shared.events.clock import Clock, now
from shared.project.entry import Document
from shared.project.journal import Journal
from shared.project.lot import Lot
from shared.project.pointer import flip, next_build, prepare_target
from shared.project.projection import Projection
from shared.project.runner import Runner
from shared.project.sweep import PORTION, Sweep
from shared.project.target import CHECKPOINTS, PARKED, Target
from shared.project.transact import transact
from shared.store.lots import in_lots

JOBS = "rebuilds"
RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"
NEAR = 2_000  # entries to the head that are folded while live rests
GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """A rebuild, resumable after a crash: `position` is how far it is on the way to `head`, as last noted."""

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
        runner = Runner(self._projection, self._journal, self._target(collection), strict=True)
        try:
            self._sweep(runner, collection)
            self._catch_up(runner, collection)
            with live.turn if live else nullcontext():
                while runner.step():
                    pass
                at = runner.target.at.position
                return transact(self._database, lambda session: self._publish(collection, at, session))
        except _Cancelled:
            return collection
        except (Unavailable, AutoReconnect):
            raise  # the job stays as it is and is resumed
        except Exception as error:  # recorded with the job; the live views stay as they were
            self._note(collection, state=FAILED, error=repr(error))
            raise

    def _target(self, collection: str) -> Target:
        prepare_target(self._database, collection, self._projection, self._journal.head())
        target = Target(self._database, collection)
        if target.at.flushes and not target.at.position:  # what an interrupted sweep has left
            remove(self._database, collection)
            return self._target(collection)
        return target

    def _sweep(self, runner: Runner, collection: str) -> None:
        at = runner.target.at
        if not at.position and at.settled:
            Sweep(runner, self._journal, lambda done: self._look(collection, done, at.settled)).run()

    def _catch_up(self, runner: Runner, collection: str) -> None:
        while (head := self._journal.head()) - runner.target.at.position > NEAR:
            for entries in in_lots(self._journal.scan(runner.target.at.position, head), PORTION):
                runner.take(Lot(entries))
                runner.target.flush()
                self._look(collection, runner.target.at.position, head)

    def _look(self, collection: str, position: int, head: int) -> None:
        self._note(collection, position=position, head=head)
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
    keys = (d["_id"] for d in views.find({}, {"_id": 1}, batch_size=500))
    for lot in in_lots(keys):
        views.delete_many({"_id": {"$in": lot}})
    views.drop()
    database[CHECKPOINTS].delete_one({"_id": collection})


def _job(d: Document) -> Job:
    return Job(d["_id"], d["projection"], d["state"], d["position"], d["head"], d["error"])
