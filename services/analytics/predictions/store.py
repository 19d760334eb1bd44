"""Fitted models, each kept for ever under its version, and the jobs that make them."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.analytics.predictions.facts import Wanted
from shared.errors import NotFound
from shared.events.ids import fresh
from shared.store.client import answering

FITTED, JOBS = "fitted_models", "fits"
REMEMBERED_SECONDS = 1.0
WAITING, DONE, FAILED = "waiting", "done", "failed"
Document = dict[str, Any]


class FittedModels:
    """A version is never changed: a score made with it can be made again."""

    def __init__(self, database: Database[Document]) -> None:
        self._fitted = database[FITTED]
        self._newest: dict[str, tuple[float, Document | None]] = {}

    def prepare(self) -> None:
        """Create the index while the collection is new."""
        if FITTED not in self._fitted.database.list_collection_names():
            self._fitted.create_index([("model", ASCENDING), ("version", ASCENDING)], name="model_version")

    def latest(self, model: str) -> Document | None:
        """Return the newest version of a model, or None; what another process adds shows within a second.

        Every customer view asks for it: it is read once a second, not with each of them.
        """
        until, known = self._newest.get(model, (0.0, None))
        if time.monotonic() < until:
            return known
        with answering():
            found = self._fitted.find({"model": model}).sort("version", DESCENDING).limit(1)
            known = next((_shown(d) for d in found), None)
        self._newest[model] = time.monotonic() + REMEMBERED_SECONDS, known
        return known

    def version(self, model: str, version: int) -> Document:
        """Return one version. Raises NotFound."""
        with answering():
            found = self._fitted.find_one({"_id": f"{model}/{version}"})
        if found is None:
            raise NotFound(f"{model} has no version {version}")
        return _shown(found)

    def versions(self, model: str) -> list[int]:
        """Return the versions there are, newest first."""
        with answering():
            found = self._fitted.find({"model": model}, {"version": 1}).sort("version", DESCENDING)
            return [d["version"] for d in found]

    def add(self, model: str, fitted: Mapping[str, Any]) -> int:
        """Keep a fit as the next version, which is returned."""
        number = next(iter(self.versions(model)), 0) + 1
        try:
            with answering():
                self._fitted.insert_one(
                    {"_id": f"{model}/{number}", "model": model, "version": number, **fitted}
                )
        except DuplicateKeyError:
            return self.add(model, fitted)
        self._newest.pop(model, None)
        return number


class Fits:
    """The jobs: asked for, then done or failed; what a crash interrupted waits again."""

    def __init__(self, database: Database[Document]) -> None:
        self._jobs = database[JOBS]

    def ask(self, model: str, wanted: Wanted, at: datetime) -> Document:
        """Ask for a fit and return its job."""
        told = {**asdict(wanted), "as_of": wanted.as_of.isoformat()}
        job = {"_id": fresh(), "model": model, "state": WAITING, "asked_at": at, "wanted": told}
        with answering():
            self._jobs.insert_one(job)
        return _job(job)

    def waiting(self) -> Document | None:
        """Return a job that waits, the oldest first."""
        with answering():
            found = sorted(self._jobs.find({"state": WAITING}), key=lambda job: job["asked_at"])
        return _job(found[0]) if found else None

    def of(self, model: str) -> list[Document]:
        """Return the jobs of a model, newest first."""
        with answering():
            found = sorted(self._jobs.find({"model": model}), key=lambda job: job["asked_at"], reverse=True)
        return [_job(job) for job in found[:20]]

    def done(self, id_: str, version: int, at: datetime) -> None:
        """Note which version a job has made."""
        self._end(id_, {"state": DONE, "version": version, "ended_at": at})

    def failed(self, id_: str, reason: str, at: datetime) -> None:
        """Note why a job has made none."""
        self._end(id_, {"state": FAILED, "reason": reason, "ended_at": at})

    def _end(self, id_: str, told: Document) -> None:
        with answering():
            self._jobs.update_one({"_id": id_, "state": WAITING}, {"$set": told})


def wanted_of(job: Mapping[str, Any]) -> Wanted:
    """Return what a job was asked for."""
    told = dict(job["wanted"])
    return Wanted(**{**told, "as_of": date.fromisoformat(told["as_of"])})


def _shown(known: Document) -> Document:
    return {name: value for name, value in known.items() if name != "_id"}


def _job(known: Mapping[str, Any]) -> Document:
    return {"id": known["_id"], **{name: value for name, value in known.items() if name != "_id"}}
