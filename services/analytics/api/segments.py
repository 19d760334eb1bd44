"""/v1/segments: definitions with their sizes, members now and then, previews, parity with full evaluation."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from pymongo.database import Database

from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.customers import Customers
from services.analytics.freshness import Freshness
from services.analytics.segments.criteria import InForce
from services.analytics.segments.evaluating import Evaluating
from services.analytics.segments.jobs import Jobs
from services.analytics.segments.parity import Parity
from services.analytics.segments.writing import SIZES
from services.analytics.views.customer.standing import segments_of
from services.analytics.views.segments import Segment, Version
from services.analytics.views.traits import TRAITS
from shared.errors import Invalid, NotFound
from shared.events.clock import Clock
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.segments import wrong
from shared.segments.declared import DECLARED
from shared.store.client import answering

READ, ONE = "segments:read", "customers:read"
SAMPLE, SHOWN = 10, 100
Body = dict[str, Any]


class MembersQuery(PageQuery, ClockQuery):
    """Which version of the rule, at which moment; left out: who belongs to the segment now."""

    limit = fields.Integer(load_default=200, validate=validate.Range(1, 5_000))
    version = fields.Integer(load_default=None, validate=validate.Range(1, 2**31))


class PreviewBody(Schema):
    """A rule that is not a segment yet."""

    rule = fields.Dict(required=True)


class SegmentApi:
    """Handlers; every answer says how fresh it is."""

    def __init__(
        self,
        inforce: InForce,
        evaluating: Evaluating,
        jobs: Jobs,
        customers: Customers,
        freshness: Freshness,
        database: Database[Body],
        clock: Clock,
        progress: Callable[[], Body],
        parity: Parity,
    ) -> None:
        self._inforce, self._evaluating, self._jobs = inforce, evaluating, jobs
        self._customers, self._freshness, self._clock = customers, freshness, clock
        self._progress, self._parity = progress, parity
        self._sizes = database[SIZES]

    def routes(self) -> list[Route]:
        """Return the routes."""
        one, once = "/v1/segments/<key>", Options(idempotent=False)
        return [
            Route("GET", "/v1/segments", self.all, READ, options=once,
                  summary="Every segment with its rule and its size now"),
            Route("GET", "/v1/segments/facts", self.facts, READ,
                  summary="The facts that rules may name, with kinds and units"),
            Route("GET", "/v1/segments/assessments", self.assessments, READ, options=once,
                  summary="Assessments of all customers after a change of rule or scale, with progress"),
            Route("POST", "/v1/segment-previews", self.preview, READ, body=PreviewBody, options=once,
                  summary="How many customers a rule picks now, and some of them"),
            Route("GET", one, self.one, READ, options=once, summary="One segment with all its versions"),
            Route("GET", f"{one}/members", self.members, READ, query=MembersQuery, options=once,
                  summary="Who belongs to the segment: now, or as of any moment, by any version"),
            Route("GET", f"{one}/parity", self.parity, READ, options=once,
                  summary="Whether the living membership is what evaluating everybody gives"),
            Route("GET", "/v1/customers/<key>/segments", self.of_customer, ONE, query=ClockQuery,
                  options=once, summary="The segments of a customer, with the moment of entry"),
        ]  # fmt: skip

    def all(self, _: Request) -> Body:
        """Answer all segments."""
        segments = self._inforce.segments()
        with answering():
            sizes = {d["_id"]: d["members"] for d in self._sizes.find({})}
        items = [_shown(segment, sizes.get(segment.id, 0)) for segment in segments]
        return {"items": items, **self._fresh()}

    def facts(self, _: Request) -> Body:
        """Answer the list of facts."""
        return {
            "items": [
                {"fact": d.path, "kind": d.kind, "unit": d.unit, "within_days": d.windowed, "meaning": d.says}
                for d in DECLARED
            ]
        }

    def assessments(self, _: Request) -> Body:
        """Answer the jobs, latest first, and how far assessing as events arrive is."""
        return {"items": self._jobs.all()[:SHOWN], **self._progress()}

    def preview(self, request: Request) -> Body:
        """Answer what a rule would pick."""
        rule = request.body["rule"]
        if errors := list(wrong(rule)):
            raise Invalid(*errors[:SHOWN])
        begun = time.monotonic()
        found = self._evaluating.now(rule, self._clock())
        took = round(time.monotonic() - begun, 3)
        sample = found.members[:SAMPLE]
        return {"count": len(found.members), "of": found.of, "sample": sample, "took": took, **self._fresh()}

    def one(self, request: Request) -> Body:
        """Answer one segment."""
        segment = self._inforce.segment(request.params["key"])
        with answering():
            size = (self._sizes.find_one({"_id": segment.id}) or {"members": 0})["members"]
        versions = [{"segment_version": v.number, "rule": v.rule, "at": v.at} for v in segment.versions]
        mine = [job for job in self._jobs.all() if job.get("segment_id") == segment.id]
        return {**_shown(segment, size), "versions": versions, "assessments": mine[:SAMPLE], **self._fresh()}

    def members(self, request: Request) -> Body:
        """Answer a page of the members, by id."""
        query, until = request.query, until_of(request.query)
        self._freshness.wait(query["min_version"], query["wait"], TRAITS.name)
        segment, limit = self._inforce.segment(request.params["key"]), query["limit"]
        after = str(decode_cursor(query["cursor"], str)[0]) if query["cursor"] else None
        version = segment.version(query["version"], until)
        if version is None:
            raise NotFound(_absent(segment, query["version"]))
        at = until.as_of or until.known_at or self._clock()
        if until.open and version == segment.current:
            found = self._parity.members(segment, after, limit + 1)
        else:
            members = self._evaluating.then(segment.id, version, until, at).members
            found = [ref for ref in members if after is None or ref > after][: limit + 1]
        cursor = encode_cursor(found[limit - 1]) if len(found) > limit else None
        told = {"segment_version": version.number, "as_of": at, "known_at": until.known_at}
        return {"items": found[:limit], "next_cursor": cursor, **told, **self._fresh()}

    def parity(self, request: Request) -> Body:
        """Answer the difference between living membership and full evaluation, looked at twice."""
        segment = self._inforce.segment(request.params["key"])
        found = self._parity.of(segment)
        return {
            "equal": found.equal,
            "segment_version": segment.current.number,
            "members": found.members,
            "of": found.of,
            "missing": found.missing[:SHOWN],
            "extra": found.extra[:SHOWN],
            "took": found.took,
            **self._fresh(),
        }

    def of_customer(self, request: Request) -> Body:
        """Answer the segments of a customer."""
        query, until = request.query, until_of(request.query)
        self._freshness.wait(query["min_version"], query["wait"], "customer_records")
        view = self._customers.view(self._customers.ref(request.params["key"]), until)
        entered = sorted(segments_of(view.get("standing", {})).items())
        items = [{"segment_id": key, **entry} for key, entry in entered]
        return {"customer": view["_id"], "items": items, **self._freshness.of("customer_records")}

    def _fresh(self) -> Mapping[str, Any]:
        return self._freshness.of(TRAITS.name)


def _absent(segment: Segment, number: int | None) -> str:
    if number is not None:
        return f"segment {segment.id} has no version {number}"
    return f"segment {segment.id} had not been defined then; name a version to try its rule on that day"


def _shown(segment: Segment, size: int) -> Body:
    current: Version = segment.current
    return {
        "id": segment.id,
        "name": segment.name,
        "status": segment.status,
        "segment_version": current.number,
        "rule": current.rule,
        "value_proposition": segment.value_proposition,
        "since": current.at,
        "size": size,
    }
