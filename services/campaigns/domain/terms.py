"""The vocabularies campaigns looks at: once one is defined, new facts take its terms alone."""

from collections.abc import Sequence
from typing import Any

from shared.decide.facts import Facts
from shared.vocabulary import CATEGORY, admitted

COST_KINDS, MEDIA, NETWORKS = "cost-kinds", "media", "networks"
STOP_REASONS, WITHDRAWAL_REASONS = "stop-reasons", "withdrawal-reasons"
# The codes of each vocabulary a command asked for; None where it is not defined.
Terms = tuple[tuple[str, ...] | None, ...]


def asking(*vocabularies: str) -> Facts:
    """Return the facts that fill a command's `terms` with the codes of these vocabularies."""
    return Facts("terms", lambda *_: [(CATEGORY, name) for name in vocabularies], _codes)


def fit(terms: Terms, *values: tuple[str, str | None]) -> None:
    """Refuse values, each with its pointer, that are no terms of the vocabulary in their place.

    Raises Invalid that names the terms there are.
    """
    for codes, (pointer, value) in zip(terms, values, strict=False):
        if value is not None:
            admitted(codes, value, pointer)


def _codes(states: Sequence[Any]) -> Terms:
    return tuple(state.codes for state in states)
