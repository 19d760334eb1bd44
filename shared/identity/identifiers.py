"""Identifiers: normalised so that one person's spellings meet, and turned into a ref that tells nothing."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import phonenumbers

from shared.errors import FieldError, Invalid
from shared.identity.blocked import is_blocked

# Strongest first: an event's customer is named after the first of these it has.
KINDS = ("customer_no", "loyalty_id", "email", "phone", "visitor_id")
DEFAULT_REGION = "GB"
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class Identifier:
    """One normalised identifier of a person."""

    kind: str
    value: str


@lru_cache(maxsize=50_000)
def normalise(kind: str, value: str, region: str = DEFAULT_REGION, at: str = "/value") -> Identifier:
    """Return the identifier in its one spelling: folded e-mail, E.164 telephone number, trimmed numbers.

    Raises Invalid naming the field it came from: `at`.
    """
    text = value.strip()
    if not text:
        raise Invalid(FieldError(at, "is empty"))
    if kind == "phone":
        text = _e164(text, region, at)
    elif kind == "email":
        text = text.casefold()
        if not EMAIL.fullmatch(text):
            raise Invalid(FieldError(at, "needs to be an e-mail address"))
    return Identifier(kind, text)


def _e164(text: str, region: str, at: str) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise Invalid(FieldError(at, f"is not a telephone number: {error}")) from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid(FieldError(at, "has an impossible number of digits"))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def identifiers_of(customer: Mapping[str, Any] | None, at: str = "/data/customer") -> tuple[Identifier, ...]:
    """Return the identifiers an event names, strongest first, without those that identify nobody.

    Raises Invalid naming the field below `at`.
    """
    if not customer:
        return ()
    country = customer.get("country") or ""
    region = country.upper() if len(country) == 2 else DEFAULT_REGION
    named = (normalise(k, customer[k], region, f"{at}/{k}") for k in KINDS if customer.get(k))
    return tuple(i for i in named if not is_blocked(i.kind, i.value))


class Refs:
    """Keyed hashes of identifiers: equal everywhere in one company, and useless without the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, identifier: Identifier) -> str:
        """Return the ref of an identifier."""
        return "c-" + self.digest(f"{identifier.kind}:{identifier.value}", 24)

    def digest(self, text: str, digits: int = 16) -> str:
        """Return a keyed hash of any text, in hexadecimal digits."""
        return hmac.new(self._key, text.encode(), sha256).hexdigest()[:digits]

    def customer(self, customer: Mapping[str, Any] | None) -> str | None:
        """Return the ref of the strongest identifier, or None when there is none."""
        found = identifiers_of(customer)
        return self.of(found[0]) if found else None
