"""How far the logs of other services have been followed: in memory, and as stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.consume.source_log import SourceLog
from shared.store.port import Commit, Store
from shared.store.write import Insert, Swap

MARKS = "reaction_marks"
FAR = 2_000  # events that concern nobody here, after which the mark is written all the same
Place = tuple[str, int]  # a source and one of its partitions


@dataclass(slots=True)
class Mark:
    """Everything up to `position` is done; `stored` is what the database says."""

    position: int
    stored: int


class Marks:
    """A mark moves in the transaction of what it stands for; past events of no interest it moves in memory.

    A process that dies reads those events again, to no effect. Moving a mark demands that it stands where
    this process left it: of two processes that follow one partition, one is refused and reads it anew.
    """

    def __init__(self, store: Store, sources: Mapping[str, SourceLog]) -> None:
        self._store, self._sources = store, sources
        self._known: dict[Place, Mark] = {}

    def begin(self, source: str) -> None:
        """Begin at the end of a log that is followed for the first time; once, by whoever is first.

        Raises Unavailable when the log is away.
        """
        if not self._store.fetch(MARKS, [_key((source, 0))]):
            tails = enumerate(self._sources[source].head().tails)
            writes = tuple(Insert(MARKS, {"_id": _key((source, p)), "position": tail}) for p, tail in tails)
            self._store.commit([Commit((), writes)])

    def at(self, place: Place) -> int:
        """Return the position up to which a partition is done."""
        return (self._known.get(place) or self._read(place)).position

    def moved(self, place: Place, position: int) -> Swap:
        """Return the write that moves a mark; tell `stored` once it is committed."""
        mark = self._known.get(place) or self._read(place)
        return Swap(MARKS, {"_id": _key(place), "position": position}, {"position": mark.stored})

    def stored(self, place: Place, position: int) -> None:
        """Take note that the write of `moved` is committed."""
        self._known[place] = Mark(position, position)

    def pass_over(self, place: Place, position: int) -> None:
        """Move past events that concern nobody here."""
        mark = self._known.get(place) or self._read(place)
        mark.position = position
        if position - mark.stored > FAR:
            self.write([place])

    def forget(self, place: Place) -> None:
        """Read a mark anew when it is asked for: somebody else has moved it."""
        self._known.pop(place, None)

    def write(self, places: Sequence[Place] | None = None) -> None:
        """Write the marks that have moved in memory only; one that somebody else has moved is read anew."""
        late = [p for p in places or list(self._known) if self._known[p].position != self._known[p].stored]
        positions = {place: self._known[place].position for place in late}
        commits = [Commit((), (self.moved(place, position),)) for place, position in positions.items()]
        outcomes = self._store.commit(commits) if commits else []
        for place, outcome in zip(late, outcomes, strict=True):
            self.forget(place) if isinstance(outcome, Exception) else self.stored(place, positions[place])

    def _read(self, place: Place) -> Mark:
        found = self._store.fetch(MARKS, [_key(place)])
        if not found:
            self.begin(place[0])
            found = self._store.fetch(MARKS, [_key(place)])
        position = int(found.get(_key(place), {}).get("position", 0))
        mark = self._known[place] = Mark(position, position)
        return mark


def _key(place: Place) -> str:
    return f"{place[0]}.{place[1]}"
