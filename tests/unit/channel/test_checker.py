"""The SDK's own check of an event against its contract."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channel.checker import violations
from shared.channel.contracts import check, contracts, full_type
from shared.channel.errors import NotEmitted
from shared.contracts.catalogue import CATALOGUE
from shared.errors import Invalid

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sku", "quantity"],
    "properties": {
        "sku": {"type": "string", "minLength": 1, "maxLength": 3},
        "quantity": {"type": "integer", "minimum": 1, "maximum": 9},
        "kind": {"type": ["string", "null"], "enum": ["reply", "click", None]},
        "price": {"type": "string", "pattern": "^[0-9]+$", "description": "is a number"},
        "at": {"type": "string", "format": "date-time"},
        "on": {"type": "string", "format": "date"},
        "tags": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}},
        "note": {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "null"}]},
        "who": {"$ref": "#/$defs/who"},
    },
    "$defs": {"who": {"type": "object", "additionalProperties": {"type": "string"}}},
}
GOOD = {"sku": "a", "quantity": 1}


@pytest.mark.parametrize(
    ("change", "pointer", "reason"),
    [
        ({"sku": ""}, "/sku", "may not be empty"),
        ({"sku": "abcd"}, "/sku", "is longer than 3"),
        ({"sku": 5}, "/sku", "is not text"),
        ({"sku": None}, "/sku", "may not be null"),
        ({"quantity": 0}, "/quantity", "is below 1"),
        ({"quantity": 10}, "/quantity", "is above 9"),
        ({"quantity": True}, "/quantity", "is not a whole number"),
        ({"quantity": 1.5}, "/quantity", "is not a whole number"),
        ({"kind": "visit"}, "/kind", "is not one of reply, click"),
        ({"price": "x"}, "/price", "is a number"),
        ({"at": "2026-01-31T12:00:00"}, "/at", "needs a time zone offset, such as Z"),
        ({"at": "soon"}, "/at", "is not a moment such as 2026-01-31T12:00:00Z"),
        ({"on": "2026-02-30"}, "/on", "is not a date such as 2026-01-31"),
        ({"tags": []}, "/tags", "holds fewer than 1"),
        ({"tags": ["a", "b", "c"]}, "/tags", "holds more than 2"),
        ({"tags": ["a", 2]}, "/tags/1", "is not text"),
        ({"note": "long"}, "/note", "is longer than 2"),
        ({"who": {"a": 1}}, "/who/a", "is not text"),
        ({"a/b~c": 1}, "/a~1b~0c", "is not known"),
    ],
)
def test_each_rule_names_its_field(change, pointer, reason):
    """Every broken rule is told with the pointer of its field and the reason in words."""
    assert violations(SCHEMA, GOOD | change) == [(pointer, reason)]


def test_all_reasons_come_at_once():
    """A caller learns everything that is wrong from one call."""
    assert len(violations(SCHEMA, {"quantity": "x", "extra": 1})) == 3


@pytest.mark.parametrize("change", [{}, {"kind": None}, {"note": None}, {"at": "2026-01-31T12:00:00Z"}])
def test_what_the_contract_allows_passes(change):
    """A valid value has no violations."""
    assert violations(SCHEMA, GOOD | change) == []


def test_a_short_name_means_the_newest_version():
    """Callers leave out prefix and version; an unknown type is refused by name."""
    assert full_type("web.page_viewed") == "channel.web.page_viewed.v1"
    with pytest.raises(NotEmitted, match=r"web\.page_seen is not a known"):
        full_type("web.page_seen")


def test_every_channel_type_ships_with_the_library():
    """The library knows exactly the catalogue's channel types."""
    assert set(contracts()) == {each.type for each in CATALOGUE if each.type.startswith("channel.")}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["", "a@b", "GBP", "in", "2026-01-01", "1.50"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["sku", "email", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def payloads(draw):
    """A channel type with data that may or may not fit it."""
    kind = draw(st.sampled_from(sorted(contracts())))
    names = list(contracts()[kind]["properties"])
    return kind, {
        name: draw(JSON) for name in draw(st.lists(st.sampled_from([*names, "extra"]), unique=True))
    }


@given(payloads())
def test_verdicts_agree_with_the_catalogue(case):
    """What the library lets through the services accept, and the other way round."""
    kind, data = case
    assert _passes(check, kind, data) == _passes(lambda k, d: CATALOGUE[k].check(d), kind, data)


def _passes(look, kind, data):
    try:
        look(kind, data)
    except (NotEmitted, Invalid):
        return False
    return True
