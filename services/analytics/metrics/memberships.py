"""Who belonged to which segment, within the two clocks. Pure."""

from collections.abc import Iterable

from services.analytics.views.facts import Entity, Fact


def segments_of(standing: Entity) -> set[str]:
    """Return the segments a customer belongs to; one that goes on as another belongs to none itself.

    A merge takes over what is true of the absorbed, and parting gives it back.
    """
    own: set[str] = set()
    taken: dict[str, set[str]] = {}
    for fact in standing.facts:
        if fact.type == "SegmentEntered":
            own.add(fact.data["segment_id"])
        elif fact.type == "SegmentExited":
            own.discard(fact.data["segment_id"])
            for theirs in taken.values():
                theirs.discard(fact.data["segment_id"])
        elif fact.type == "StandingJoined":
            taken[fact.data["absorbed"]] = _named(fact)
        elif fact.type == "StandingParted":
            taken.pop(fact.data["absorbed"], None)
    last = standing.last("StandingAbsorbed", "StandingReleased")
    absorbed = last is not None and last.type == "StandingAbsorbed"
    return set() if absorbed else own.union(*taken.values())


def members(standings: Iterable[Entity]) -> dict[str, set[str]]:
    """Return the customers of every segment that has any."""
    found: dict[str, set[str]] = {}
    for standing in standings:
        for segment in segments_of(standing):
            found.setdefault(segment, set()).add(str(standing.customer))
    return found


def _named(fact: Fact) -> set[str]:
    return {part["segment_id"] for part in fact.data.get("segments", ())}
