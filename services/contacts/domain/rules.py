"""Identity rules as data: what identifies, how many of it a contact may have, which values say nothing."""

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

# Values that channels send when they know nothing.
BLOCKED: dict[str, frozenset[str]] = {
    "email": frozenset({"unknown@example.com", "none@none.com", "noreply@example.com", "test@test.com"}),
    "customer_no": frozenset({"0", "00000", "guest", "unknown", "null", "none"}),
    "loyalty_id": frozenset({"0", "00000", "guest", "unknown", "null", "none"}),
    "visitor_id": frozenset({"0", "null", "undefined", "none"}),
    "phone": frozenset({"+440000000000"}),
}


def is_blocked(kind: str, value: str) -> bool:
    """Tell whether a value identifies nobody."""
    return value.casefold() in BLOCKED.get(kind, frozenset())


def fits(kinds: list[str]) -> bool:
    """Tell whether one contact may have identifiers of all these kinds (a kind appears once per value)."""
    return all(kinds.count(kind) <= RULES[kind].most for kind in set(kinds))
