"""How alike two people are: rules of the scoring, and precision and recall on records of known truth."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest

from services.contacts.duplicates.blocking import keys, sound
from services.contacts.duplicates.blocks import MOST
from services.contacts.duplicates.likeness import LIKELY, likeness
from services.contacts.duplicates.person import Person, person_of
from tests.real_data import DATA

FEBRL = DATA / "febrl"
ADA = person_of("Ada", "Lovelace", "1815-12-10", "12 St James's Square, London 1011")


def test_slips_of_the_pen_are_the_same_person() -> None:
    """Typing errors, a swapped name, an exchanged day and month, accents and case."""
    for other in (
        person_of("Ada", "Lovelase", "1815-12-10", "12 St James Square London 1011"),
        person_of("Lovelace", "Ada", "1815-12-10", ""),
        person_of("", "", "1815-10-12", "12 Sqaure St. James's, London 1011", "Áda LOVELACE"),
    ):
        found = likeness(ADA, other)
        assert found.score > 0.99
        assert set(keys(ADA)) & set(keys(other))


def test_one_kind_of_agreement_is_never_enough() -> None:
    """Many people have one name, one birthday or one address."""
    for same in (Person("ada", "lovelace"), Person(born="18151210"), Person(address=ADA.address)):
        assert likeness(ADA, same).score <= 0.5
    sister = person_of("Berta", "Lovelace", "1815-12-10", "")
    assert likeness(ADA, sister).score < likeness(ADA, person_of("Ada", "Lovelace", "1815-12-10", "")).score


def test_reasons_name_fields_and_no_values() -> None:
    """What is written down of a comparison says nothing about the person."""
    found = likeness(ADA, person_of("Ada", "Lovelase", "1815-12-10", ""))
    assert found.reasons == ("given name the same", "family name alike", "date of birth the same")


@pytest.mark.parametrize(("name", "code"), [("Robert", "R163"), ("Tymczak", "T522"), ("Ashcraft", "A261")])
def test_sounds_are_coded_as_the_archives_do(name: str, code: str) -> None:
    """Examples of the National Archives."""
    assert sound(name.lower()).upper() == code


def records(*files: str) -> dict[str, Person]:
    """Read people; the record's id and the social security number are not looked at."""
    return {row["rec_id"]: _person(row) for name in files for row in _rows(name)}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FEBRL / name).open(newline="") as file:
        yield from csv.DictReader(file, skipinitialspace=True)


def _person(row: dict[str, str]) -> Person:
    parts = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
    address = " ".join(row[part] for part in parts)
    return person_of(row["given_name"], row["surname"], row["date_of_birth"], address)


def judged(people: dict[str, Person]) -> tuple[float, float]:
    """Return precision and recall of the pairs that are found likely among those that share a block."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for key, person in people.items():
        for block in keys(person):
            blocks[block].append(key)
    pairs = {pair for b in blocks.values() if len(b) <= MOST for pair in combinations(sorted(b), 2)}
    likely = [(a, b) for a, b in pairs if likeness(people[a], people[b]).score >= LIKELY]
    right = sum(a.split("-")[1] == b.split("-")[1] for a, b in likely)
    return right / len(likely), right / (len(people) / 2)


@pytest.mark.skipif(not FEBRL.exists(), reason="the public record-linkage data is not here")
@pytest.mark.parametrize(
    ("files", "least"), [(("febrl1.csv",), 0.985), (("febrl4a.csv", "febrl4b.csv"), 0.99)]
)
def test_precision_and_recall_on_known_truth(files: tuple[str, ...], least: float) -> None:
    """By names, date of birth and address alone."""
    precision, recall = judged(records(*files))
    print(f"{files[0]}: precision {precision:.4f}, recall {recall:.4f}")  # noqa: T201 - the measurement
    assert precision >= 0.999
    assert recall >= least
