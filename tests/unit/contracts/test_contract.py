"""The compiled check never takes what marshmallow refuses."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts import contracts
from shared.contracts.contract import Contract
from shared.contracts.examples import example

CONTRACTS = {contract.type: contract for contract in contracts()}
LINE_FEED, WIDE_DIGIT = "GBP\n", "\u0661\u0662"
AWKWARD = [
    None, True, False, 0, 1, -1, 1.0, 1.5, 2**53, 2**53 + 1, 10**30, float("nan"), float("inf"), "", " ", "a",
    "GBP", "gbp", LINE_FEED, WIDE_DIGIT, "1.50", "1.50\n", "a@b", "a@b\n", "in", "2026-01-01", "2026-1-1",
    "2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-02-30", "20260101",
    "2026-W01-1", "0001-01-01T00:00:00+14:00", "x" * 2_001, "\x00", "\ud800", [], [None], ["a"], {}, {"a": 1},
]  # fmt: skip


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every value in a JSON value."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from leaves(inner, (*path, key))


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return the data with another value at one place."""
    if not path:
        return value
    data = copy.deepcopy(data)
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return data


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """Return the value at a place."""
    for step in path:
        data = data[step]
    return data


def verdicts(contract: Contract, data: Any) -> tuple[bool, bool]:
    """Return whether the compiled check takes the data, and whether marshmallow does."""
    return contract.certain(data), not contract.schema.validate(data)


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_an_example_is_certainly_right(name: str) -> None:
    """Usual events never need the slow judge."""
    assert verdicts(CONTRACTS[name], example(CONTRACTS[name].payload)) == (True, True)


@given(st.sampled_from(sorted(CONTRACTS)), st.data())
@settings(max_examples=600, deadline=None)
def test_what_is_certainly_right_is_right(name: str, draw: st.DataObject) -> None:
    """Whatever the compiled check takes, marshmallow takes."""
    contract, data = CONTRACTS[name], example(CONTRACTS[name].payload)
    place = draw.draw(st.sampled_from(sorted(leaves(data), key=str)))
    wrong = changed(data, place, draw.draw(st.sampled_from(AWKWARD)))
    certain, right = verdicts(contract, wrong)
    assert right or not certain


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_never_right(wrong: float) -> None:
    """It compares as neither too small nor too large."""
    contract = CONTRACTS["rapport.campaigns.AudienceFrozen.v1"]
    data = example(contract.payload)
    places = [place for place in leaves(data) if place and isinstance(at(data, place), float)]
    assert places
    for place in places:
        assert verdicts(contract, changed(data, place, wrong)) == (False, False)


def test_moments_of_disagreement() -> None:
    """A week date and a whole number written with a point are left to the judge."""
    contract = CONTRACTS["channel.web.page_viewed.v1"]
    for wrong in ({"page": "/", "customer": {"birth_date": "2026-W01-1"}}, {"page": "/", "duration_s": 1.0}):
        certain, right = verdicts(contract, wrong)
        assert not right
        assert not certain
