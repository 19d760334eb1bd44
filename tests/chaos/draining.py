"""When everything that was taken has come through: spool, queues, journal and views."""

from typing import Any

from pymongo import MongoClient

from deploy.local.broker import Broker
from tests.stack import RunningStack
from tests.waiting import eventually


def left(stack: RunningStack, broker: Broker) -> dict[str, Any]:
    """Return what is still under way, by name; empty when all is drained."""
    found: dict[str, Any] = {name: count for name, count in queued(stack, broker).items() if count}
    if kept := spooled(stack):
        found["spool"] = kept
    return found or _behind(stack) or _unassessed(stack)


def queued(stack: RunningStack, broker: Broker) -> dict[str, int]:
    """Return how many messages every queue holds."""
    vhost = stack.amqp_url.rpartition("/")[2].replace("%2F", "/")
    lines = broker.control("-s", "list_queues", "-p", vhost, "name", "messages").splitlines()
    return {name: int(count) for name, count in (line.split("\t") for line in lines if "\t" in line)}


def spooled(stack: RunningStack) -> int:
    """Return how many messages the front door keeps for the broker."""
    with MongoClient[dict[str, Any]](stack.mongodb_url) as client:
        return client[f"{stack.prefix}_contacts"]["spool"].count_documents({})


def _behind(stack: RunningStack) -> dict[str, Any]:
    ledger = stack.get("analytics", "/v1/ledger").json()
    found = {f"journal of {e['service']}": e for e in ledger["journal"] if e["difference"] != 0}
    for each in stack.get("analytics", "/v1/projections").json()["items"]:
        if each["behind_journal"] or each["behind"] or each["unreachable"]:
            found[f"projection {each['name']}"] = each
    return found


def _unassessed(stack: RunningStack) -> dict[str, Any]:
    """Return what analytics has yet to say of customers; what it says is folded before it counts as said."""
    before = _assessing(stack)
    found = {name: before[name] for name in ("behind", "calibrating", "open") if before[name]}
    return found or _behind(stack) or ({} if _assessing(stack) == before else {"assessing": before})


def _assessing(stack: RunningStack) -> dict[str, Any]:
    told = stack.get("analytics", "/v1/segments/assessments").json()
    return {**told, "open": [job["id"] for job in told["items"] if job["state"] != "done"]}


def drained(stack: RunningStack, broker: Broker, timeout: float = 120) -> None:
    """Return once nothing is under way any more; fail with what is."""

    def nothing_left() -> bool:
        if still := left(stack, broker):
            raise AssertionError(f"still under way: {still}")
        return True

    eventually(nothing_left, timeout, pause=0.5)
