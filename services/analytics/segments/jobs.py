"""Assessments of all customers, when a rule or the scale has changed: jobs with progress, crashes survived.

One walk over the customers serves every job that waits when it begins; the walk goes in the order of ids, and
what happens behind it is assessed as events arrive.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database

from services.analytics.views.traits import TRAITS
from shared.events.clock import Clock
from shared.project.pointer import Views
from shared.store.client import answering

JOBS = "assessments"
WAITING, RUNNING, DONE = "waiting", "running", "done"
LOT = 200
Document = dict[str, Any]


class Jobs:
    """Keeps the jobs of one database, and hands out customers lot by lot."""

    def __init__(self, database: Database[Document], views: Views, clock: Clock) -> None:
        self._jobs, self._views, self._clock = database[JOBS], views, clock
        self._walk: Iterator[list[str]] | None = None
        self._idle = False

    def ask(self, wanted: Mapping[str, Mapping[str, Any]]) -> None:
        """Ask for an assessment of all, once per id; what the job is about is told with it."""
        start = {"state": WAITING, "assessed": 0, "of": None, "after": None, "asked_at": self._clock()}
        writes = [
            UpdateOne({"_id": key}, {"$setOnInsert": {**start, **about}}, upsert=True)
            for key, about in wanted.items()
        ]
        if writes:
            with answering():
                self._jobs.bulk_write(writes)
            self._idle = False

    def all(self) -> list[Document]:
        """Return every job, latest first."""
        with answering():
            found = [{"id": d.pop("_id"), **d} for d in self._jobs.find({})]
        return sorted(found, key=lambda job: (job["asked_at"], job["id"]), reverse=True)

    def next(self) -> list[str]:
        """Return the customers to assess next; none when no job waits. `done` says that they have been."""
        if self._walk is None and not self._idle:
            self._walk = self._begin()
            self._idle = self._walk is None
        try:
            return next(self._walk, []) if self._walk else []
        except Exception:
            self.forget()  # a walk that failed is no walk that ended
            raise

    def done(self, customers: list[str]) -> None:
        """Note that these have been assessed; none means that the walk is over."""
        with answering():
            if customers:
                step = {"$inc": {"assessed": len(customers)}, "$set": {"after": customers[-1]}}
                self._jobs.update_many({"state": RUNNING}, step)
                return
            ended = {"state": DONE, "ended_at": self._clock()}
            self._jobs.update_many({"state": RUNNING}, {"$set": ended})
        self._walk = None

    def forget(self) -> None:
        """Begin again where the stored progress is: another process may have gone on."""
        self._walk, self._idle = None, False

    @property
    def walking(self) -> bool:
        """Whether a walk is under way."""
        return self._walk is not None

    def _begin(self) -> Iterator[list[str]] | None:
        with answering():
            running = list(self._jobs.find({"state": RUNNING}))
            if not running:
                total = self._views.collection(TRAITS.name).estimated_document_count()
                begun = {"state": RUNNING, "of": total, "begun_at": self._clock()}
                if not self._jobs.update_many({"state": WAITING}, {"$set": begun}).matched_count:
                    return None
        return self._lots(next((job["after"] for job in running if job["after"]), ""))

    def _lots(self, after: str) -> Iterator[list[str]]:
        # One cursor for the whole walk: a range on ids costs a scan each time it is opened on some servers.
        ids: list[str] = []
        for found in self._walked(after):
            ids.append(found["_id"])
            if len(ids) == LOT:
                yield ids
                ids = []
        if ids:
            yield ids

    def _walked(self, after: str) -> Iterable[Document]:
        with answering():
            yield from (
                self._views.collection(TRAITS.name)
                .find({"_id": {"$gt": after}}, {"_id": 1}, batch_size=1_000)
                .sort("_id", ASCENDING)
            )
