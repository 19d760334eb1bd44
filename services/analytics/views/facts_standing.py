"""What metrics keep of standings: which segments a customer entered and left, merges taken into account."""

from collections.abc import Iterator

from services.analytics.views.facts import Fact, Kind, only

MEMBER = only("segment_id", "segment_version")


def segments(fact: Fact) -> Iterator[str]:
    """Yield the segments that a fact names."""
    named = [fact.data, *fact.data.get("segments", ())]
    yield "segment"
    yield from (f"segment:{part['segment_id']}" for part in named if "segment_id" in part)


STANDING = Kind(
    "standing",
    1,
    {
        "SegmentEntered": MEMBER,
        "SegmentExited": MEMBER,
        "StandingJoined": only("absorbed", "segments"),
        "StandingParted": only("absorbed"),
        "StandingAbsorbed": only("survivor"),
        "StandingReleased": only(),
    },
    segments,
)
STANDING_KINDS = (STANDING,)
