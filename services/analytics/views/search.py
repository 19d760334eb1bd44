"""Finding customers by words: keyed hashes of what the sealed values say, never the values."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from services.analytics.views.latest import State, later, stamp
from shared.events import Event
from shared.identity import Refs
from shared.privacy.sealing import is_sealed
from shared.project.projection import Projection

Open = Callable[[str, str, str], str | None]
Fetch = Callable[[Iterable[str]], object]
SHORTEST, LONGEST = 2, 12
_WORD = re.compile(r"[^\W_]+")
SEARCHED = frozenset({"name", "given_name", "family_name"})
ATTRIBUTES = ("ProfileAttributeChanged", "ProfileAttributeExpired")
TYPES = frozenset({*ATTRIBUTES, "ContactIdentifierLinked", "ContactIdentifierUnlinked", "ContactErased"})


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded and cut to the longest token."""
    return [word[:LONGEST] for word in _WORD.findall(text.casefold())]


def prefixes(text: str) -> set[str]:
    """Return every beginning of two letters or more of every word."""
    return {word[:end] for word in words_of(text) for end in range(SHORTEST, len(word) + 1)}


def asked(text: str) -> list[set[str]]:
    """Return what a question asks for: of every set one token has to be there."""
    parts = text.casefold().split()
    found: list[set[str]] = []
    for part in parts:
        words = [{word} for word in words_of(part) if len(word) >= SHORTEST]
        whole = "@" in part or part.startswith("+") or not words
        found += [{part}] if whole else [{part, *words[0]}, *words[1:]]
    return found


def search_projection(open_: Open, refs: Refs, fetch: Fetch | None = None) -> Projection:
    """Return the projection; its fold is pure but for `open_`, which answers None for the erased.

    `fetch` is told all sealed values of a batch before they are opened one by one.
    """

    def tokens(event: Event, field: str) -> list[str]:
        value = event.data.get(field, "")  # nothing is left of a value that has expired
        text = open_(value, event.stream, field) if is_sealed(value) else value
        if text is None:
            return []
        plain = prefixes(text) if event.type in ATTRIBUTES else {text.casefold()}
        return hashed(refs, plain)

    def project(view: State | None, event: Event) -> dict[str, Any]:
        known: dict[str, Any] = dict(view or {"fields": {}, "tokens": []})
        if event.type == "ContactErased" or "erased" in known:
            return {"fields": {}, "tokens": [], "erased": True}
        if event.type in ATTRIBUTES:
            return _renamed(known, event, tokens)
        key = f"{event.data['contact_id']}/{event.data['ref']}"
        fields = {k: v for k, v in known["fields"].items() if k != key}
        if event.type == "ContactIdentifierLinked":
            fields[key] = {"tokens": tokens(event, "value")}
        return _view(fields)

    def prepare(events: Iterable[Event]) -> None:
        if fetch:
            fetch([text for e in events if is_sealed(text := _said(e))])

    return Projection("customer_search", 1, TYPES, project, indexes=((("tokens", 1),),), prepare=prepare)


def _said(event: Event) -> Any:
    return event.data.get("value", event.data.get("to"))


def hashed(refs: Refs, tokens: Iterable[str]) -> list[str]:
    """Return the keyed hashes of tokens."""
    return sorted(refs.digest(f"token:{token}") for token in tokens)


def _renamed(known: State, event: Event, tokens: Callable[[Event, str], list[str]]) -> dict[str, Any]:
    field = event.data["field"]
    if field not in SEARCHED or not later(known["fields"].get(field), event):
        return dict(known)
    return _view({**known["fields"], field: stamp(event, tokens=tokens(event, "to"))})


def _view(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "fields": fields,
        "tokens": sorted({token for part in fields.values() for token in part["tokens"]}),
    }
