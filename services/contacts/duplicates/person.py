"""What is compared of a person: names, date of birth, address, each in one spelling. Pure."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Plain words in lower case without accents; an empty text says nothing."""

    given: str = ""
    family: str = ""
    born: str = ""  # digits: year, month, day
    address: str = ""

    @property
    def postcode(self) -> str:
        """The last run of at least four digits in the address."""
        runs = [word for word in self.address.split() if word.isdigit() and len(word) > 3]
        return runs[-1] if runs else ""

    @property
    def house(self) -> str:
        """The first number of the address."""
        return next((word for word in self.address.split() if word.isdigit()), "")

    @property
    def street(self) -> str:
        """The words of the address without its numbers."""
        return " ".join(word for word in self.address.split() if not word.isdigit())


def person_of(given: str, family: str, born: str, address: str, name: str = "") -> Person:
    """Return the person of texts as they were told; `name` stands in for given and family name."""
    first, _, last = plain(name).rpartition(" ")
    return Person(plain(given) or first, plain(family) or last, re.sub(r"\D", "", born), plain(address))


def plain(text: str) -> str:
    """Return words of letters and digits, folded, without accents, one blank between them."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in letters)
    return " ".join("".join(kept).split())
