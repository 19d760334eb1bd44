"""What a spreadsheet would take for a formula and run, made harmless."""

from typing import Any

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: Any) -> Any:
    """Return a text that begins like a formula behind an apostrophe; everything else as it is (OWASP)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS) else value
