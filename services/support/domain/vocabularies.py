"""The vocabularies of support: what tickets are about, how they end and why, how an outreach went.

One that is not defined takes any code; of one that is, new facts take the terms that are not retired.
"""

from collections.abc import Mapping

from shared.decide import Facts
from shared.vocabulary import admitted, vocabulary

VOCABULARY = vocabulary("support")
CATEGORIES, RESOLUTION_CODES, ROOT_CAUSES = "categories", "resolution-codes", "root-causes"
OUTREACH_OUTCOMES = "outreach-outcomes"

# The codes for new facts by vocabulary; None: it is not defined.
Choices = Mapping[str, tuple[str, ...] | None]


def codes_of(*names: str) -> Facts:
    """Return what fills a command's `codes` with the codes of these vocabularies."""
    return Facts(
        "codes",
        lambda *_: [(VOCABULARY.category, name) for name in names],
        lambda states: {name: known.codes for name, known in zip(names, states, strict=True)},
    )


def chosen(codes: Choices, name: str, code: str | None, pointer: str) -> None:
    """Refuse a code that is given and not for new facts. Raises Invalid."""
    if code is not None:
        admitted(codes.get(name), code, pointer)
