"""`GET /v1/duplicates`: the pairs that somebody should look at, and why."""

from typing import Any

from services.contacts.domain.contact import Contact
from services.contacts.identity.index import Index
from shared.decide import Streams
from shared.http.answer import Page
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.listing.listing import Listing

OPEN = {"duplicates": "open"}


class Queue:
    """The open suspicions, by contact. Merging or dismissing settles one; both events name their actor."""

    def __init__(self, listing: Listing, contacts: Streams[Contact], index: Index) -> None:
        self._listing, self._contacts, self._index = listing, contacts, index

    def page(self, after: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
        """Return the pairs of up to `limit` contacts, and the contact to go on after."""
        lines = self._listing.page(OPEN, after, limit + 1)
        states = self._contacts.load([line["id"] for line in lines[:limit]], fresh=True)
        pairs = [(c, o, found.state) for c, found in states.items() for o in sorted(found.state.duplicates)]
        roots = self._index.survivors({o for _, o, _ in pairs}, fresh=True)
        usable = self._usable(sorted(set(roots.values())))
        items = [_item(c, o, roots[o], state) for c, o, state in pairs if roots[o] in usable - {c}]
        return items, lines[limit - 1]["id"] if len(lines) > limit else None

    def _usable(self, contacts: list[str]) -> set[str]:
        loaded = self._contacts.load(contacts, fresh=True)
        return {c for c, found in loaded.items() if found.version and found.state.status != "erased"}


def _item(contact: str, other: str, root: str, state: Contact) -> dict[str, Any]:
    why = state.suspected[other]
    return {
        "contact_id": contact,
        "other_id": other,
        "other_is_now": root,
        "rule": why.rule,
        "score": why.score,
        "reasons": list(why.reasons),
    }


def duplicate_routes(queue: Queue) -> list[Route]:
    """Return the route."""

    def pairs(request: Request) -> Page:
        cursor = request.query.get("cursor")
        after = str(decode_cursor(cursor, str)[0]) if cursor else None
        items, more = queue.page(after, request.query["limit"])
        return Page(items, encode_cursor(more) if more else None)

    return [
        Route("GET", "/v1/duplicates", pairs, "contacts:read", query=PageQuery,
              options=Options(paged=True, idempotent=False),
              summary="Contacts that may be one person, with the reasons; settled by merging or dismissing"),
    ]  # fmt: skip
