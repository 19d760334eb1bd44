"""What has to be there in the end, computed from the script alone; the services are not asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from tests.chaos.reported import Reported
from tests.chaos.script import Script

Counts = dict[str, dict[str, Counter[str]]]


class Oracle:
    """The ledger, the receipts and the facts that a script leads to."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.distinct = _distinct(script.reported)

    def facts(self) -> dict[str, Counter[tuple[str, str]]]:
        """Domain events by service: how often each (type, stream or source|id) has to be in the log."""
        found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for event in self.distinct:
            found[event.owner].update(event.facts)
        return dict(found)

    def receipts(self) -> dict[str, set[str]]:
        """Keys of the events every service has to have a receipt of."""
        found: dict[str, set[str]] = defaultdict(set)
        for event in self.distinct:
            if event.outcome in ("applied", "quarantined"):
                found[event.owner].add(event.key)
                found["contacts"].add(event.key)
        return dict(found)

    def ledger(self) -> Counts:
        """Distinct events by service, source and outcome, and what contacts has heard for the others."""
        found: Counts = defaultdict(lambda: defaultdict(Counter))
        for event in self.distinct:
            end = "applied" if event.outcome == "applied" else "quarantined"
            found[event.owner][event.source][end] += 1
            if event.owner != "contacts" and event.outcome != "contradicts":
                found["contacts"][event.source][f"heard_{event.owner}"] += 1
        return found


def _distinct(reported: Iterable[Reported]) -> list[Reported]:
    """Repeats left out; what the door's own check turns away never gets in."""
    kept: dict[tuple[str, str], Reported] = {}
    for event in (event for event in reported if event.outcome != "rejected"):
        kept.setdefault((event.key, repr(event.data)), event)
    return list(kept.values())
