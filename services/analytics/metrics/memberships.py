"""Who belonged to which segment, within the two clocks. Pure."""

from collections import ChainMap
from collections.abc import Iterable

from services.analytics.views.facts import Data, Entity


def segments_of(standing: Entity) -> dict[str, int]:
    """Return the segments a customer belongs to, each with the version of its rule that first said so.

    One that goes on as another belongs to none itself. A merge takes over what is true of the absorbed, and
    parting gives it back.
    """
    own: dict[str, int] = {}
    taken: dict[str, dict[str, int]] = {}
    for fact in standing.facts:
        if fact.type == "SegmentEntered":
            own |= _named(fact.data)
        elif fact.type == "SegmentExited":
            for some in (own, *taken.values()):
                some.pop(fact.data["segment_id"], None)
        elif fact.type == "StandingJoined":
            taken[fact.data["absorbed"]] = _named(*fact.data.get("segments", ()))
        elif fact.type == "StandingParted":
            taken.pop(fact.data["absorbed"], None)
    last = standing.last("StandingAbsorbed", "StandingReleased")
    absorbed = last is not None and last.type == "StandingAbsorbed"
    return {} if absorbed else dict(ChainMap(own, *taken.values()))


def members(standings: Iterable[Entity], *, versions: bool = False) -> dict[str, set[str]]:
    """Return the customers of every segment that has any, or of every version of one, such as `loyal@2`."""
    found: dict[str, set[str]] = {}
    for standing in standings:
        for segment, version in segments_of(standing).items():
            name = f"{segment}@{version}" if versions else segment
            found.setdefault(name, set()).add(str(standing.customer))
    return found


def tag_of(dimension: str, value: str | None) -> str:
    """Return the tag of the standings that name a segment, or any."""
    if value is None:
        return "segment"
    return f"segment:{value if dimension == 'segment' else value.rpartition('@')[0]}"


def _named(*parts: Data) -> dict[str, int]:
    return {part["segment_id"]: part["segment_version"] for part in parts}
