"""What the services hold in the end, read from their databases and APIs."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pymongo import MongoClient

from tests.stack import RunningStack
from tests.waiting import eventually

LOGS = ("contacts", "sales", "campaigns", "support", "analytics")
IDENTITY = {
    "ContactRegistered", "ContactIdentifierLinked", "ContactIdentified", "ProfileAttributeChanged",
    "ContactsMerged", "ContactAbsorbed", "DuplicateSuspected", "CancellationNoted",
}  # fmt: skip
Document = dict[str, Any]


@dataclass
class Evidence:
    """Reads of one running stack."""

    stack: RunningStack

    @cached_property
    def client(self) -> MongoClient[Document]:
        """The database server."""
        return MongoClient(self.stack.mongodb_url)

    def documents(self, service: str, collection: str) -> list[Document]:
        """All documents of a collection."""
        return list(self.client[f"{self.stack.prefix}_{service}"][collection].find({}))

    def log(self, service: str) -> list[Document]:
        """A service's log, by position."""
        return sorted(self.documents(service, "events"), key=lambda d: int(d["position"]))

    def journal(self) -> list[Document]:
        """The journal, by its own positions."""
        return sorted(self.documents("analytics", "journal"), key=lambda d: int(d["_id"]))

    def facts(self, service: str) -> Counter[tuple[str, str]]:
        """How often each domain event that a channel caused is in the log.

        Identity is left out, as it depends on the order; so are reactions, see `reactions`.
        """
        events = [e for e in self.log(service) if e["type"] not in IDENTITY and "source" in e["meta"]]
        return Counter((e["type"], _about(e)) for e in events)

    def reactions(self, service: str) -> Counter[tuple[str, str, str]]:
        """How often each event is in the log that another service's event caused."""
        caused = [e for e in self.log(service) if "source" not in e["meta"] and "causation_id" in e["meta"]]
        return Counter((e["type"], _place(e), e["meta"]["causation_id"]) for e in caused)

    def ledger(self) -> dict[str, dict[str, Document]]:
        """The ledger as analytics tells it: service, source, counts."""
        answer = self.stack.get("analytics", "/v1/ledger").json()
        assert not answer["unreachable"], answer
        return {
            name: {entry["source"]: entry for entry in entries} for name, entries in answer["sources"].items()
        }

    def customer(self, kind: str, value: str) -> Document | None:
        """The customer view by an identifier, None when nobody is known by it."""
        answer = self.stack.get("analytics", f"/v1/customers/by/{kind}/{value}")
        return answer.json()["customer"] if answer.status_code == 200 else None

    def metric(self, name: str, **query: str) -> int:
        """Return what a metric has measured of all there is."""
        ever = {"from": "2000-01-01", "to": "2100-01-01"}
        answer = self.stack.get("analytics", f"/v1/metrics/{name}", params=ever | query)
        answer.raise_for_status()
        return int(answer.json()["value"])

    def digests(self) -> dict[str, tuple[str, int]]:
        """Digest and number of views of every projection."""
        answer = self.stack.get("analytics", "/v1/projections?digest=true")
        answer.raise_for_status()
        return {each["name"]: (each["digest"], each["views"]) for each in answer.json()["items"]}

    def rebuilt(self) -> dict[str, tuple[str, int]]:
        """Rebuild every projection, then the same."""
        for name in self.digests():
            answer = self.stack.post("analytics", f"/v1/projections/{name}/rebuild")
            assert answer.status_code == 202, answer.text
            eventually(lambda name=name: self._done(name), 60, pause=0.2)  # type: ignore[misc]
        return self.digests()

    def _done(self, name: str) -> bool:
        jobs = self.stack.get("analytics", f"/v1/projections/{name}/rebuilds").json()["items"]
        failed = [job for job in jobs if job["state"] == "failed"]
        assert not failed, failed
        return bool(jobs) and all(job["state"] == "done" for job in jobs)


def _place(event: Document) -> str:
    """The stream, and of what in it: one event can bring a customer into several segments."""
    data = event["data"]
    return "|".join([event["stream"], *(data[name] for name in ("segment_id", "absorbed") if name in data)])


def _about(event: Document) -> str:
    """The stream for what has a number of its own, else the channel event that it comes from."""
    stream, meta = str(event["stream"]), event["meta"]
    if stream.partition("-")[0] in ("order", "ticket", "opportunity"):
        return stream
    return f"{meta['source']}|{meta['source_event_id']}"
