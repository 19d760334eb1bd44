"""Cursors that a service did not make are refused, whatever is in them."""

from types import SimpleNamespace

import pytest

from shared.errors import Invalid
from shared.http.cursor import decode_cursor, encode_cursor
from shared.service.quarantine_routes import quarantine_routes


def test_a_cursor_gives_back_its_keys() -> None:
    """Each of its type."""
    assert decode_cursor(encode_cursor("a", 7), str, int) == ("a", 7)


FORGED = [encode_cursor(2**63), encode_cursor("7"), encode_cursor(7, 7), "e30", "💥", "="]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_cursor_is_refused(forged: str) -> None:
    """Another type, another number of keys, a number no database holds, and no cursor at all."""
    with pytest.raises(Invalid, match="is not a cursor of this list"):
        decode_cursor(forged, int)
    with pytest.raises(Invalid, match="is not a cursor of this list"):
        decode_cursor(encode_cursor("a\0b"), str)


@pytest.mark.parametrize("offset", [-1, 2**62])
def test_nobody_reads_the_quarantine_from_before_its_beginning(offset: int) -> None:
    """Nor from where no end could be."""
    route = quarantine_routes(SimpleNamespace())[0]
    query = {"limit": 1, "state": "open", "cursor": encode_cursor(offset)}
    with pytest.raises(Invalid, match="is not a cursor of this list"):
        route.handle(SimpleNamespace(query=query))
