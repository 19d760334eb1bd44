"""Entries come back key by key, in the order of the journal, whether or not they fit in memory."""

import tempfile
from pathlib import Path

import pytest

from shared.project.entry import Entry
from shared.project.gathered import Gathered
from tests.company import Company, populate

ROOMS = (0, 5_000, 10_000_000)  # bytes: a file per entry, a few files, none


def history() -> list[tuple[str, Entry]]:
    """Return a company's events as entries with their streams' customers as keys."""
    company = Company(seed=3)
    populate(company, customers=4, rounds=1)
    entries = [Entry(n, event) for n, event in enumerate(company.events(), 1)]
    return [(e.event.meta.customer or "", e) for e in entries]


@pytest.mark.parametrize("room", ROOMS)
def test_every_key_gets_its_entries_in_order(room: int) -> None:
    """What comes back is what went in, stably sorted by key."""
    given = history()
    with Gathered(room) as gathered:
        for key, entry in given:
            gathered.add(key, entry)
        found = list(gathered.by_key())
    assert found == sorted(given, key=lambda pair: pair[0])
    assert gathered.count == len(given)


def test_what_is_on_disk_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed leaves no file behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Gathered(room=0) as gathered:
        for key, entry in history():
            gathered.add(key, entry)
        assert list(tmp_path.iterdir()) == []
        assert len(list(gathered.by_key())) == gathered.count


def test_a_disk_that_can_not_be_written_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for what does not fit in memory, gathering stops and says why."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with Gathered(room=0) as gathered, pytest.raises(OSError, match="missing"):
        gathered.add(*history()[0])
