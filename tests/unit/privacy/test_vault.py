"""Sealing: only the person's own key opens a text, at its own place, and destroying the key ends it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Corrupt
from shared.privacy import Erased, MemoryKeyStore, Vault
from shared.privacy.vault import KEPT_SECONDS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
LOOKALIKES = st.sampled_from(["sealed:", "sealed:x", "sealed:p:AAAA", "sealed:p:!!", "sealed:p:" + "A" * 60])


def vault(keys: MemoryKeyStore | None = None) -> Vault:
    """A vault with keys of its own."""
    return Vault(keys or MemoryKeyStore())


def sealed(kept: Vault, text: str, stream: str = "s-1") -> str:
    """One sealed text of person p."""
    return str(kept.seal("p", stream, {"name": text, "age": 7}, ("name",))["name"])


@given(TEXTS | LOOKALIKES)
def test_what_is_sealed_opens_again_whatever_it_says(text: str) -> None:
    """Also a text that looks as if it were sealed already."""
    kept = vault()
    assert kept.open(sealed(kept, text), "s-1", "name") == text


def test_a_sealed_text_is_sealed_once_at_its_place() -> None:
    """Deciding again about a value of the own stream does not wrap it twice."""
    kept = vault()
    once = sealed(kept, "Anna")
    assert sealed(kept, once) == once


def test_a_sealed_text_does_not_open_at_another_place() -> None:
    """Moved to another stream or field it is corrupt, not somebody else's name."""
    kept = vault()
    text = sealed(kept, "Anna")
    for stream, field in (("s-2", "name"), ("s-1", "subject")):
        with pytest.raises(Corrupt, match="does not open"):
            kept.open(text, stream, field)


def test_a_destroyed_key_opens_and_seals_nothing_and_never_comes_back() -> None:
    """Neither here nor in another process, once the keys kept at hand have run out."""
    keys, clock = MemoryKeyStore(), [0.0]
    here, elsewhere = vault(keys), Vault(keys, lambda: clock[0])
    text = sealed(here, "Anna")
    assert elsewhere.open(text, "s-1", "name") == "Anna"
    here.destroy(["p"], datetime(2026, 5, 1, tzinfo=UTC))
    assert here.open(text, "s-1", "name") is None
    clock[0] += KEPT_SECONDS + 1
    assert elsewhere.open(text, "s-1", "name") is None
    with pytest.raises(Erased):
        sealed(here, "Anna")
    assert here.prepare(["p", "q"]) == {"p"}
