"""The committed schemas and golden events: promises kept."""

import json
from dataclasses import dataclass
from typing import Annotated

import pytest

from services.contracts import contracts, deciders
from shared.contracts.catalogue import CATALOGUE
from shared.contracts.compatibility import breaks
from shared.contracts.contract import Contract
from shared.contracts.files import FOLDER, check, goldens, version, write
from shared.errors import Conflict
from shared.events.wire import from_json
from shared.values import Length, Personal, Text

GOLDEN = goldens(FOLDER)
DECIDERS = {event.__name__: decider for decider in deciders() for event in decider.events}


@dataclass(frozen=True)
class Note:
    """A note."""

    text: Text


@dataclass(frozen=True)
class Remark:
    """A note with an author."""

    text: Text
    author: Text


@dataclass(frozen=True)
class Letter:
    """A note with room for an author."""

    text: Text
    author: Text | None = None


def contract(payload, version=1):
    """Return the contract of a made-up channel type."""
    return Contract(f"channel.web.note_taken.v{version}", "contacts", payload)


def test_the_committed_files_are_up_to_date():
    """Every type has its schema and a golden event; `python -m services.contracts write` makes them."""
    assert check(FOLDER, contracts()) == []


def test_every_event_type_has_one_contract():
    """No two aggregates declare the same event."""
    types = [c.type for c in contracts()]

    assert len(types) == len(set(types))


@pytest.mark.parametrize("type_", [t for t in GOLDEN if t.startswith("channel.")])
def test_golden_channel_events_are_accepted_for_ever(type_):
    """What a channel could report once, it can report now."""
    assert CATALOGUE[type_].check(GOLDEN[type_]["data"])


@pytest.mark.parametrize("type_", [t for t in GOLDEN if t.startswith("rapport.")])
def test_golden_domain_events_load_for_ever(type_):
    """An event of any version ever recorded reads from the wire, through upcasters, into its aggregate."""
    event = from_json(GOLDEN[type_])
    decider = DECIDERS[event.type]

    assert event.schema <= decider.schema(event.type)
    assert decider.fold([event]) is not None


def test_golden_events_hold_no_open_personal_text():
    """What is sealed in the log is sealed in its example."""
    for known in contracts():
        if known.type.startswith("rapport."):
            data = GOLDEN[known.type]["data"]
            assert all(data[name].startswith("sealed:") for name in known.personal if name in data)


def test_a_golden_event_is_never_written_again(tmp_path):
    """It is made once; from then on it is history."""
    write(tmp_path, [contract(Note)])
    golden = tmp_path / "golden" / "channel.web.note_taken.v1.json"
    golden.write_text(json.dumps({"data": {"text": "as it was"}}))
    write(tmp_path, [contract(Letter)])

    assert json.loads(golden.read_text()) == {"data": {"text": "as it was"}}


def test_a_new_optional_field_is_no_break(tmp_path):
    """It is written over the published schema, and until then the check says so."""
    write(tmp_path, [contract(Note)])

    assert check(tmp_path, [contract(Letter)]) == ["channel.web.note_taken.v1: the schema is not up to date"]
    assert len(write(tmp_path, [contract(Letter)])) == 1
    assert check(tmp_path, [contract(Letter)]) == []


def test_a_break_is_refused_before_anything_is_written(tmp_path):
    """A published version keeps its promise; the change needs a new version."""
    write(tmp_path, [contract(Note)])
    before = {p: p.read_bytes() for p in tmp_path.rglob("*.json")}

    with pytest.raises(Conflict, match="/author became required"):
        write(tmp_path, [contract(Remark)])
    assert {p: p.read_bytes() for p in tmp_path.rglob("*.json")} == before
    assert write(tmp_path, [contract(Remark, version=2)])


def test_a_published_type_does_not_vanish(tmp_path):
    """Only a newer version may take its place."""
    write(tmp_path, [contract(Note)])

    assert check(tmp_path, []) == ["channel.web.note_taken.v1: was published and is no longer declared"]
    write(tmp_path, [contract(Note), contract(Remark, version=2)])
    assert check(tmp_path, [contract(Remark, version=2)]) == []


def _schema(**properties):
    return {"type": "object", "properties": properties, "additionalProperties": False}


TEXT = {"type": "string", "maxLength": 10}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (_schema(a=TEXT), _schema(), "/a was removed"),
        (_schema(a=TEXT), {**_schema(a=TEXT), "required": ["a"]}, "/a became required"),
        (_schema(a=TEXT), {**_schema(a=TEXT, b=TEXT), "required": ["b"]}, "/b became required"),
        (
            _schema(a={"type": ["string", "null"]}),
            _schema(a={"type": "string"}),
            "/a no longer takes the type",
        ),
        (_schema(a={"type": "string"}), _schema(a={"type": "integer"}), "/a no longer takes the type string"),
        (_schema(a={"enum": ["x", "y"]}), _schema(a={"enum": ["x"]}), "/a no longer takes y"),
        (_schema(a={}), _schema(a={"enum": ["x"]}), "/a no longer takes any other value"),
        (_schema(a=TEXT), _schema(a={**TEXT, "maxLength": 9}), "/a was narrowed: maxLength 10 became 9"),
        (_schema(a=TEXT), _schema(a={**TEXT, "minLength": 1}), "minLength unbounded became 1"),
        (_schema(a=TEXT), _schema(a={**TEXT, "pattern": "x"}), "/a has another pattern: None became x"),
        (
            _schema(a={"type": "array", "items": _schema(b=TEXT)}),
            _schema(a={"type": "array", "items": _schema()}),
            "/a/*/b was removed",
        ),
        ({**_schema(), "x-personal": ["a"]}, {**_schema(), "x-personal": []}, "/a was personal"),
    ],
)
def test_breaks_are_told_in_words(old, new, said):
    """Removed, required, narrowed or unsealed: each break names the field and what was done to it."""
    [broken] = breaks(old, new)

    assert said in broken


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_schema(a=TEXT), _schema(a=TEXT, b=TEXT)),
        (_schema(a=TEXT), _schema(a={**TEXT, "maxLength": 11})),
        (_schema(a=TEXT), _schema(a={"type": ["string", "null"], "maxLength": 10})),
        (_schema(a={"enum": ["x"]}), _schema(a={"enum": ["x", "y"]})),
        ({**_schema(a=TEXT), "required": ["a"]}, _schema(a=TEXT)),
        (_schema(a={"type": "string", "pattern": "x"}), _schema(a={"type": "string"})),
    ],
)
def test_what_accepts_more_breaks_nothing(old, new):
    """Everything that was right is right still."""
    assert breaks(old, new) == []


def test_versions_are_numbers():
    """Version 10 comes after version 9."""
    assert version("rapport.sales.OrderPlaced.v10") > version("rapport.sales.OrderPlaced.v9")


def test_personal_fields_are_named_in_the_schema():
    """The catalogue says what is sealed."""

    @dataclass(frozen=True)
    class Diary:
        """A diary."""

        text: Annotated[str, Length(0, 10), Personal()]

    assert contract(Diary).json_schema["x-personal"] == ["text"]
