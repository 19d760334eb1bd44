"""Projections, parked events and the ledger: for those who run the system."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields, validate

from services.analytics.api.queries import DigestQuery
from services.analytics.freshness import Freshness
from services.analytics.ledger import Ledger
from shared.errors import NotFound, Unavailable
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.project.digest import digest
from shared.project.journal import Journal
from shared.project.live import Live
from shared.project.parking import Places
from shared.project.runner import Runner
from shared.relay.bell import Bell

READ, WRITE = "operations:read", "operations:write"


class KeyBody(Schema):
    """Which key to redrive."""

    key = fields.String(required=True, validate=validate.Length(1, 500))


class OperationsApi:
    """Handlers of the operations routes."""

    def __init__(
        self, lives: Mapping[str, Live], journal: Journal, freshness: Freshness, ledger: Ledger, bell: Bell
    ) -> None:
        self._lives, self._journal, self._freshness = lives, journal, freshness
        self._ledger, self._bell = ledger, bell

    def routes(self) -> list[Route]:
        """Return the routes."""
        one, once = "/v1/projections/<name>", Options(idempotent=False)
        parked = f"{one}/parked"
        return [
            Route("GET", "/v1/ledger", lambda _: self._ledger.read(), "log:read", options=once,
                  summary="What became of every event, per source, and the difference"),
            Route("GET", "/v1/projections", self.list, READ, query=DigestQuery, options=once,
                  summary="Every projection with version, checkpoint, lag and parked events"),
            Route("POST", f"{one}/rebuild", self.rebuild, WRITE, status=202,
                  summary="Fold a projection anew beside the live one"),
            Route("GET", f"{one}/rebuilds", self.rebuilds, READ, summary="The rebuilds of a projection"),
            Route("POST", f"{one}/rebuilds/<collection>/cancel", self.cancel, WRITE,
                  summary="Stop a rebuild"),
            Route("GET", parked, self.parked, READ, summary="Events the projection could not take"),
            Route("POST", f"{parked}/redrive", self.redrive, WRITE, body=KeyBody,
                  summary="Fold the parked events of a key"),
            Route("POST", f"{parked}/<event_id>/discard", self.discard, WRITE,
                  summary="Leave a parked event out for good"),
        ]  # fmt: skip

    def list(self, request: Request) -> dict[str, Any]:
        """Answer the state of every projection."""
        head = self._journal.head()
        items = [self._state(live, head, digested=request.query["digest"]) for live in self._lives.values()]
        return {"head": head, "items": items}

    def rebuild(self, request: Request) -> Answer:
        """Begin a rebuild; the background loop runs it."""
        live = self._live(request)
        job = live.rebuild.begin()
        self._bell.ring()
        return Answer(asdict(job), location=f"/v1/projections/{live.projection.name}/rebuilds")

    def rebuilds(self, request: Request) -> dict[str, Any]:
        """Answer the progress of all rebuilds."""
        return {"items": [asdict(job) for job in self._live(request).rebuild.jobs()]}

    def cancel(self, request: Request) -> dict[str, Any]:
        """Cancel a rebuild."""
        return asdict(self._live(request).rebuild.cancel(request.params["collection"]))

    def parked(self, request: Request) -> dict[str, Any]:
        """Answer what is parked."""
        return {"items": [asdict(parked) for parked in self._places(self._live(request)).all()]}

    def redrive(self, request: Request) -> dict[str, Any]:
        """Fold the parked events of a key."""
        return {"folded": self._runner(request).redrive(request.body["key"])}

    def discard(self, request: Request) -> dict[str, Any]:
        """Leave an event out."""
        self._runner(request).discard(request.params["event_id"])
        return {"discarded": request.params["event_id"]}

    def _state(self, live: Live, head: int, *, digested: bool) -> dict[str, Any]:
        known, name = live.pointer(), live.projection.name
        checkpoint = live.checkpoint()
        state = {
            "name": name, "version": known.version, "collection": known.collection,
            "position": checkpoint.position, "behind_journal": head - checkpoint.position,
            "parked": len(self._places(live).all()), **self._freshness.of(name),
        }  # fmt: skip
        if digested:
            state["digest"], state["views"] = digest(self._journal.database[known.collection])
        return state

    def _places(self, live: Live) -> Places:
        return Places(self._journal.database, live.projection.name)

    def _live(self, request: Request) -> Live:
        name = request.params["name"]
        if name not in self._lives:
            raise NotFound(f"there is no projection {name}")
        return self._lives[name]

    def _runner(self, request: Request) -> Runner:
        runner = self._live(request).runner()
        if runner is None:
            raise Unavailable(f"{request.params['name']} is being rebuilt for its new version")
        return runner
