"""Identity rules as data: what identifies, and how many of it a contact may have.

Values that identify nobody never get here: see `shared.identity.blocked`.
"""

from dataclasses import dataclass

VERSION = 1
NOTHING = "none"  # the digest of a profile field that holds no value
SHARED = ""  # whom an identifier belongs to that several people share: nobody


@dataclass(frozen=True, slots=True)
class Rule:
    """`strong` identifies alone; `most` is how many different values one contact may have."""

    strong: bool
    most: int


RULES: dict[str, Rule] = {
    "customer_no": Rule(strong=True, most=1),
    "loyalty_id": Rule(strong=True, most=1),
    "email": Rule(strong=True, most=10),
    "phone": Rule(strong=True, most=10),
    "visitor_id": Rule(strong=False, most=200),
}


def fits(kinds: list[str]) -> bool:
    """Tell whether one contact may have identifiers of all these kinds (a kind appears once per value)."""
    return all(kinds.count(kind) <= RULES[kind].most for kind in set(kinds))
