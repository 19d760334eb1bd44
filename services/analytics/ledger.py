"""The ledger: what every service received, and what of its log the journal holds. Differences are alarms."""

from collections.abc import Mapping
from typing import Any

from shared.consume.source_log import Source
from shared.errors import Unavailable
from shared.project.batch import Mark
from shared.project.journal import Journal

ENDS = ("applied", "duplicate", "quarantined", "suppressed")


class Ledger:
    """Collects the services' own ledgers and adds the journal's."""

    def __init__(self, journal: Journal, sources: Mapping[str, Source]) -> None:
        self._journal, self._sources = journal, sources

    def read(self) -> dict[str, Any]:
        """Return channel sources per service, journal per service, and who could not be asked."""
        marks = self._journal.marks()
        services, unreachable = {}, []
        for name, source in self._sources.items():
            try:
                services[name] = [_balanced(entry) for entry in source.ledger()["sources"]]
            except Unavailable:
                unreachable.append(name)
        journal = [self._journaled(name, marks.get(name, {})) for name in self._sources]
        return {"sources": services, "journal": journal, "unreachable": unreachable}

    def _journaled(self, service: str, marks: Mapping[int, Mark]) -> dict[str, Any]:
        head = self._head(service)
        applied = sum(mark.applied for mark in marks.values())
        return {
            "service": service,
            "received": sum(mark.received for mark in marks.values()),
            "duplicate": sum(mark.duplicates for mark in marks.values()),
            "applied": applied,
            "head": head,
            "difference": None if head is None else head - applied,
        }

    def _head(self, service: str) -> int | None:
        # Asked after the marks were read: what arrives in between shows as a difference above zero.
        try:
            return self._sources[service].head().position
        except Unavailable:
            return None


def _balanced(entry: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: int(entry.get(name, 0)) for name in ("received", *ENDS)}
    return {**entry, **counts, "difference": counts["received"] - sum(counts[name] for name in ENDS)}
