"""Which standings go on as which: what the forest of identities means for the streams of standings. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from services.analytics.domain.standing import Standing
from services.analytics.domain.standing.commands import Absorb, Assess, Join, Part, Release
from shared.receive import Instruct

CATEGORY = "standing"


def partings(group: Sequence[str], root: str, known: Mapping[str, Standing]) -> Iterator[Instruct]:
    """Yield what parts the members of a group from survivors who are not, or no longer, above them."""
    for ref in group:
        survivor = known[ref].survivor
        if survivor is not None and (ref == root or survivor not in group):
            yield Instruct(CATEGORY, survivor, Part(survivor, ref))
            yield Instruct(CATEGORY, ref, Release(ref))


def joinings(
    group: Sequence[str], root: str, known: Mapping[str, Standing], now: Assess
) -> Iterator[Instruct]:
    """Yield what makes all of a group go on as its root; of whom nothing was said, nothing goes on."""
    for ref in group:
        theirs = known[ref]
        if ref == root or theirs == Standing() or theirs.survivor in group:
            continue
        yield Instruct(CATEGORY, root, Join(root, ref, theirs, now))
        yield Instruct(CATEGORY, ref, Absorb(ref, root))
