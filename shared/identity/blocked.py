"""Values that channels send when they know nothing: they identify nobody."""

BLOCKED: dict[str, frozenset[str]] = {
    "customer_no": frozenset({"0", "00000", "guest", "unknown", "null", "none"}),
    "loyalty_id": frozenset({"0", "00000", "guest", "unknown", "null", "none"}),
    "email": frozenset({"unknown@example.com", "none@none.com", "noreply@example.com", "test@test.com"}),
    "phone": frozenset({"+440000000000"}),
    "visitor_id": frozenset({"0", "null", "undefined", "none"}),
}


def is_blocked(kind: str, value: str) -> bool:
    """Tell whether a normalised value identifies nobody."""
    return value.casefold() in BLOCKED.get(kind, frozenset())
