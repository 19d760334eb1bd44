"""Comparisons of what is there with what has to be; each returns sentences that name what is wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.chaos.evidence import LOGS, Evidence
from tests.chaos.oracle import Oracle
from tests.chaos.reported import Person
from tests.waiting import eventually

SHOWN = 10


def arrived(oracle: Oracle, found: Evidence, timeout: float = 90) -> None:
    """Return once every service has all it was sent, or fail with what is missing.

    The broker tells the length of a quorum queue as it was some seconds ago, so it can not be asked.
    """

    def nothing_missing() -> bool:
        missing = [*receipts(oracle, found), *quarantine(oracle, found)]
        assert not missing, "\n".join(missing)
        return True

    eventually(nothing_missing, timeout, pause=0.5)


def everything(oracle: Oracle, found: Evidence) -> list[str]:
    """Return all that is missing, doubled or contradictory."""
    return [*facts(oracle, found), *reactions(found), *receipts(oracle, found), *chains(found),
            *journal(found), *ledger(oracle, found), *quarantine(oracle, found),
            *customers(oracle, found), *revenue(oracle, found)]  # fmt: skip


def facts(oracle: Oracle, found: Evidence) -> Iterator[str]:
    """Every fact is in its owner's log as often as it was reported, and nothing else is."""
    wanted = oracle.facts()
    for service in LOGS:
        yield from _difference(f"log of {service}", wanted.get(service, Counter()), found.facts(service))


def reactions(found: Evidence) -> Iterator[str]:
    """No event of another service was reacted to twice in the same way."""
    for service in LOGS:
        for (type_, stream, cause), times in found.reactions(service).items():
            if times > 1:
                yield f"log of {service}: {type_} in {stream} {times} times because of {cause}"


def receipts(oracle: Oracle, found: Evidence) -> Iterator[str]:
    """Every event that got in has a receipt at its owner and at contacts."""
    wanted = oracle.receipts()
    for service in LOGS:
        there = {d["_id"] for d in found.documents(service, "receipts") if d["outcome"] != "refused"}
        yield from _difference(f"receipts of {service}", Counter(wanted.get(service, ())), Counter(there))


def chains(found: Evidence) -> Iterator[str]:
    """Positions and versions are gap-free, and `previous` names the position before in the partition."""
    for service in LOGS:
        events = found.log(service)
        if [e["position"] for e in events] != list(range(1, len(events) + 1)):
            yield f"log of {service}: positions have a gap or a double"
        streams: dict[str, list[int]] = {}
        tails: dict[int, int] = {}
        for event in events:
            streams.setdefault(event["stream"], []).append(event["version"])
            if event["previous"] != tails.get(event["partition"], 0):
                yield f"log of {service}: position {event['position']} breaks the chain of its partition"
            tails[event["partition"]] = event["position"]
        torn = [s for s, versions in streams.items() if versions != list(range(1, len(versions) + 1))]
        if torn:
            yield f"log of {service}: versions have a gap or a double in {torn[:SHOWN]}"


def journal(found: Evidence) -> Iterator[str]:
    """The journal holds each event of each log once, every partition in its order, without gaps."""
    entries = found.journal()
    if [e["_id"] for e in entries] != list(range(1, len(entries) + 1)):
        yield "journal: positions have a gap or a double"
    logged = Counter((service, e["_id"]) for service in LOGS for e in found.log(service))
    yield from _difference("journal", logged, Counter((e["service"], e["id"]) for e in entries))
    last: dict[tuple[str, int], int] = {}
    for entry in entries:
        part = entry["service"], entry["partition"]
        if entry["position"] <= last.get(part, 0):
            yield f"journal: {part} goes back to position {entry['position']}"
        last[part] = entry["position"]


def ledger(oracle: Oracle, found: Evidence) -> Iterator[str]:
    """received = applied + duplicate + quarantined + suppressed, and each as often as was reported."""
    told, wanted = found.ledger(), oracle.ledger()
    for service, sources in told.items():
        for source, entry in sources.items():
            if entry["difference"]:
                yield f"ledger of {service}: {source} has a difference of {entry['difference']}: {entry}"
            expected = wanted[service][source]
            for name in {*expected, "applied", "quarantined", "suppressed", *_heard(entry)}:
                if entry.get(name, 0) != expected[name]:
                    is_, due = entry.get(name, 0), expected[name]
                    yield f"ledger of {service}: {source} has {name} {is_} instead of {due}"
    for service in wanted:
        for source in wanted[service].keys() - told[service].keys():
            yield f"ledger of {service}: {source} is missing"


def quarantine(oracle: Oracle, found: Evidence) -> Iterator[str]:
    """What could not be applied lies in its owner's quarantine, once, open, with a reason."""
    for service in LOGS:
        items = found.documents(service, "quarantine")
        wanted = Counter(e.key for e in oracle.distinct if e.owner == service and e.outcome != "applied")
        there = Counter(f"{i['source']}|{i['event_id']}" for i in items if i["reasons"])
        yield from _difference(f"quarantine of {service}", wanted, there)


def customers(oracle: Oracle, found: Evidence) -> Iterator[str]:
    """Every identifier of a person leads to one view, and the view says what was reported."""
    for person in oracle.script.people:
        views = {kind: found.customer(kind, value) for kind, value in person.identifiers.items()}
        if missing := [kind for kind, view in views.items() if view is None]:
            yield f"person {person.number}: nobody is known by {missing}"
            continue
        ids = {kind: view["id"] for kind, view in views.items() if view}
        if len(set(ids.values())) > 1:
            yield f"person {person.number}: is several customers: {ids}"
            continue
        view = views["email"] or {}
        told, wanted = _told(view), _wanted(person)
        wrong = {k: (told.get(k), due) for k, due in wanted.items() if told.get(k, 0) != due}
        if wrong:
            yield f"person {person.number} ({view['id']}): has, instead of: {wrong}"


def revenue(oracle: Oracle, found: Evidence) -> Iterator[str]:
    """The metrics of revenue are the sums of what was reported."""
    for name in ("gross", "returned", "cancelled"):
        told = found.metric(f"{name}_revenue", currency="GBP")
        due = sum(getattr(person, name) for person in oracle.script.people)
        if told != due:
            yield f"revenue: {name} is {told} instead of {due}"


def _told(view: Mapping[str, Any]) -> dict[str, int]:
    orders, campaigns = view.get("orders", {}), view.get("campaigns", {})
    money = orders.get("value", {}).get("GBP", {})
    channels = view.get("channels", {}).values()
    return {
        **{name: money.get(name, 0) for name in ("gross", "returned", "cancelled")},
        "orders": orders.get("count", 0),
        "returns": orders.get("returns", 0),
        "touches": campaigns.get("touches", 0),
        "responses": campaigns.get("responses", 0),
        "tickets": view.get("tickets", {}).get("opened", 0),
        "won": view.get("opportunities", {}).get("won", {}).get("count", 0),
        "all touches": sum(channel["interactions"] for channel in channels),
    }


def _wanted(person: Person) -> dict[str, int]:
    counts = person.counts
    touches = ("contacts", "orders", "returns", "touches", "responses", "tickets")
    money = {"gross": person.gross, "returned": person.returned, "cancelled": person.cancelled}
    names = ("orders", "returns", "touches", "responses", "tickets", "won")
    # A ticket is a touch, and so is the message that follows it.
    every = sum(counts.get(name, 0) for name in touches) + counts.get("tickets", 0)
    return {**money, **{name: counts.get(name, 0) for name in names}, "all touches": every}


def _heard(entry: Mapping[str, Any]) -> Iterable[str]:
    return (name for name in entry if name.startswith("heard_"))


def _difference(where: str, wanted: Counter[Any], there: Counter[Any]) -> Iterator[str]:
    if missing := wanted - there:
        yield f"{where}: {missing.total()} missing, such as {sorted(missing.items())[:SHOWN]}"
    if doubled := Counter({k: n for k, n in (there - wanted).items() if k in wanted}):
        yield f"{where}: {doubled.total()} doubled, such as {sorted(doubled.items())[:SHOWN]}"
    if strange := Counter({k: n for k, n in there.items() if k not in wanted}):
        yield f"{where}: {strange.total()} never reported, such as {sorted(strange.items())[:SHOWN]}"
