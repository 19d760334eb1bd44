"""Where customers are written to: e-mail addresses as contacts told them, sealed as they came."""

from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from services.support.known import ADDRESSES
from shared.people import People
from shared.privacy import Vault
from shared.store.client import answering


class Addresses:
    """Reads addresses afresh: an erased person has none."""

    def __init__(self, database: Database[dict[str, Any]], people: People, vault: Vault) -> None:
        self._addresses, self._people, self._vault = database[ADDRESSES], people, vault

    def prepare(self) -> None:
        """Make the index that addresses are found by."""
        with answering():
            self._addresses.create_index([("contact", ASCENDING)], name="contact")

    def of(self, customer: str) -> str | None:
        """Return the address the person told last under any ref, or None."""
        refs = self._people.group(customer)
        with answering():
            found = list(self._addresses.find({"contact": {"$in": refs}}))
        for known in sorted(found, key=lambda d: (d["at"], d["_id"]), reverse=True):
            if text := self._vault.open(known["value"], known["stream"], "value"):
                return text
        return None
