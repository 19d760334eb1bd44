"""Merge and unmerge by hand: two streams and the alias change together."""

from collections.abc import Sequence
from dataclasses import replace

from services.contacts.domain.contact import Absorb, Contact, Merge, Restore, Unmerge
from services.contacts.identity.index import Index, alias, unalias
from shared.decide import Context, Streams
from shared.errors import Conflict, NotFound
from shared.store.port import Done, Store, append
from shared.store.write import Write


class Merging:
    """Declares two contacts one person, or takes that back. Raises NotFound, Conflict."""

    def __init__(self, store: Store, contacts: Streams[Contact], index: Index) -> None:
        self._store, self._contacts, self._index = store, contacts, index

    def merge(self, survivor: str, absorbed: str, reason: str | None, context: Context) -> Done:
        """Make `absorbed` an alias of `survivor`; both are resolved to what they are aliases of first."""
        roots = self._index.survivors([survivor, absorbed], fresh=True)
        survivor, absorbed = roots[survivor], roots[absorbed]
        if survivor == absorbed:
            raise Conflict("they are one contact already")
        brings = self._contacts.load([absorbed], fresh=True)[absorbed].state.all_links
        merge = Merge(survivor, absorbed, brings, reason=reason)
        return self._both(
            survivor, merge, absorbed, Absorb(absorbed, survivor), alias(absorbed, survivor), context
        )

    def unmerge(
        self, survivor: str, absorbed: str, reason: str, moved: Sequence[str], context: Context
    ) -> Done:
        """Let `absorbed` stand for itself again; the `moved` events of any service go with it (C-3)."""
        unmerge, restore = Unmerge(survivor, absorbed, reason, tuple(moved)), Restore(absorbed, survivor)
        return self._both(survivor, unmerge, absorbed, restore, unalias(absorbed), context)

    def _both(
        self, first: str, one: object, second: str, other: object, write: Write, context: Context
    ) -> Done:
        loaded = self._contacts.load([first, second], fresh=True)
        missing = [key for key, found in loaded.items() if not found.version]
        if missing:
            raise NotFound(f"there is no contact {missing[0]}")
        mine = replace(context, meta=replace(context.meta, customer=first))
        appends = [
            self._contacts.decide(loaded[k], k, c, mine)[0] for k, c in ((first, one), (second, other))
        ]
        done = append(self._store, *(a for a in appends if a.events), writes=[write])
        self._contacts.drop([first, second])
        return done
