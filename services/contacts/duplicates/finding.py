"""Look for contacts that may be one person: incrementally, in the background, on one replica at a time."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from services.contacts.domain.contact import Contact, Suspect
from services.contacts.duplicates.blocking import keys
from services.contacts.duplicates.blocks import Blocks
from services.contacts.duplicates.likeness import LIKELY, Likeness, likeness
from services.contacts.duplicates.person import Person
from services.contacts.duplicates.portraits import TELLING, Portraits
from shared.decide import Context, Streams
from shared.errors import Rejected
from shared.events import Meta
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.identity import Refs
from shared.relay.lease import Leadership
from shared.store.port import Commit, Store
from shared.store.write import Put

MARK, RULE, VERSION = "duplicates_mark", "likeness", "likeness-1"
WINDOW, CANDIDATES = 500, 50
SECONDS = 0.5  # of work in one step: intake goes first


class Finding:
    """Compares the contacts that changed with those that share a blocking key, and suspects the likely ones.

    What is compared is opened in memory and forgotten at the end of a window; kept are keyed hashes alone. A
    window that is done again after a crash suspects nobody twice.
    """

    def __init__(
        self,
        store: Store,
        contacts: Streams[Contact],
        portraits: Portraits,
        refs: Refs,
        leadership: Leadership,
        clock: Clock,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._contacts, self._portraits, self._refs = store, contacts, portraits, refs
        self._leadership, self._clock, self._tick = leadership, clock, tick

    def step(self) -> int:
        """Go on for a moment; return how many events were looked at, 0 when there is nothing new."""
        until, seen = self._tick() + SECONDS, 0
        while self._leadership.hold() and (read := self._window()):
            seen += read
            if self._tick() >= until:
                break
        return seen

    def _window(self) -> int:
        found = self._store.fetch(MARK, [MARK])
        after = int(found[MARK]["position"]) if found else 0
        events = self._store.read_log(after, WINDOW)
        if events:
            told = dict.fromkeys(e.stream.removeprefix("contact-") for e in events if e.type in TELLING)
            writes = self._compare(list(told)) if told else []
            mark = Put(MARK, {"_id": MARK, "position": events[-1].position})
            self._store.commit([Commit((), (*writes, mark))])
        return len(events)

    def _compare(self, changed: Sequence[str]) -> list[Put]:
        people = self._portraits.of(changed)
        hashed = {c: [self._refs.digest(f"block|{key}") for key in keys(p)] for c, p in people.items()}
        blocks = Blocks(self._store)
        near = blocks.place({c: hashed.get(c, []) for c in changed})
        wanted = {c: others[:CANDIDATES] for c, others in near.items() if c in people}
        others = {o for several in wanted.values() for o in several} - people.keys()
        people |= self._portraits.of(sorted(others))
        for pair, found in _likely(wanted, people).items():
            self._suspect(*pair, found)
        return blocks.writes()

    def _suspect(self, one: str, other: str, found: Likeness) -> None:
        loaded = self._contacts.load([one, other], fresh=True)
        states = [loaded[c].state for c in (one, other)]
        settled = other in states[0].suspected or one in states[1].suspected
        if settled or any(s.status in ("absorbed", "erased") or s.archived for s in states):
            return
        told = Suspect(one, other, RULE, VERSION, f"{found.score:.4f}", found.reasons)
        command_id = derived("likeness", one, other)
        meta = Meta(command_id, derived("correlation", command_id), actor="system:likeness", customer=one)
        try:
            self._contacts.handle(one, told, Context(self._clock(), meta))
        except Rejected:  # erased, merged or archived a moment ago: nobody is to be asked
            return


def _likely(
    wanted: Mapping[str, Iterable[str]], people: Mapping[str, Person]
) -> dict[tuple[str, str], Likeness]:
    """Return the likely pairs, each once, and how likely they are."""
    pairs = {(min(c, o), max(c, o)) for c, others in wanted.items() for o in others if o in people}
    judged = {pair: likeness(people[pair[0]], people[pair[1]]) for pair in sorted(pairs)}
    return {pair: found for pair, found in judged.items() if found.score >= LIKELY}
