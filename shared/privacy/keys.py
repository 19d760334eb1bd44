"""One data key per person. Destroying it is erasure: every copy of every sealed text goes dark at once."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from shared.store.client import answering
from shared.store.lots import in_lots

Document = dict[str, Any]


class KeyStore(Protocol):
    """Keys by person; a destroyed key never comes back."""

    def ensure(self, persons: Sequence[str]) -> dict[str, bytes]:
        """Return each person's key, making new ones; a person whose key was destroyed is left out."""
        ...

    def get(self, persons: Sequence[str]) -> dict[str, bytes]:
        """Return the keys there are."""
        ...

    def belong(self, stream: str, person: str) -> None:
        """Tie the key a stream had before its person was known, if it had one, to the person's fate."""
        ...

    def destroy(self, persons: Sequence[str], at: datetime) -> None:
        """Destroy the keys and those that belong to them; remember it, so that none is made again."""
        ...


class MemoryKeyStore:
    """Keys for tests."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}
        self._owners: dict[str, str] = {}

    def ensure(self, persons: Sequence[str]) -> dict[str, bytes]:
        """Return each person's key, making new ones."""
        for person in persons:
            self._keys.setdefault(person, os.urandom(32))
        return self.get(persons)

    def get(self, persons: Sequence[str]) -> dict[str, bytes]:
        """Return the keys there are."""
        return {p: key for p in persons if (key := self._keys.get(p))}

    def belong(self, stream: str, person: str) -> None:
        """Tie the key of a stream to a person's."""
        self._owners[stream] = person

    def destroy(self, persons: Sequence[str], at: datetime) -> None:  # noqa: ARG002 part of the port
        """Destroy the keys and those that belong to them."""
        owned = [stream for stream, person in self._owners.items() if person in persons]
        self._keys.update(dict.fromkeys([*persons, *owned]))


class MongoKeyStore:
    """Keys in their own database, wrapped by the master key (AES key wrap, RFC 3394).

    Raises Unavailable when the database is away.
    """

    def __init__(self, keys: Collection[Document], master_key: bytes) -> None:
        self._keys, self._master = keys, master_key

    def ensure(self, persons: Sequence[str]) -> dict[str, bytes]:
        """Return each person's key, making new ones; safe against another process doing the same."""
        known = self._documents(persons)
        missing = [p for p in dict.fromkeys(persons) if p not in known]
        if missing:
            new = [{"_id": p, "wrapped": aes_key_wrap(self._master, os.urandom(32))} for p in missing]
            with answering():
                known |= self._added(new)
        return self._unwrapped(known)

    def get(self, persons: Sequence[str]) -> dict[str, bytes]:
        """Return the keys there are."""
        return self._unwrapped(self._documents(persons))

    def prepare(self) -> None:
        """Make the index that keys are found by when their person is erased."""
        with answering():
            self._keys.create_index([("owner", ASCENDING)], name="owner", sparse=True)

    def belong(self, stream: str, person: str) -> None:
        """Note the person at the stream's key; a stream without a key has nothing to go dark."""
        with answering():
            self._keys.update_one({"_id": stream, "wrapped": {"$exists": True}}, {"$set": {"owner": person}})

    def destroy(self, persons: Sequence[str], at: datetime) -> None:
        """Overwrite each key by the moment of its end."""
        with answering():
            lots = in_lots(list(persons))
            owned = [d["_id"] for lot in lots for d in self._keys.find({"owner": {"$in": lot}}, {"_id": 1})]
            for key in [*persons, *owned]:
                self._keys.replace_one({"_id": key}, {"_id": key, "destroyed_at": at}, upsert=True)

    def _added(self, new: list[Document]) -> dict[str, Document]:
        """Return the new documents by person, or those that another process has just made."""
        try:
            self._keys.insert_many(new, ordered=False)
        except BulkWriteError as error:
            if {e["code"] for e in error.details["writeErrors"]} != {11000}:
                raise
            return self._documents([d["_id"] for d in new])
        return {d["_id"]: d for d in new}

    def _documents(self, persons: Sequence[str]) -> dict[str, Document]:
        wanted = list(dict.fromkeys(persons))
        with answering():
            return {d["_id"]: d for lot in in_lots(wanted) for d in self._keys.find({"_id": {"$in": lot}})}

    def _unwrapped(self, documents: Mapping[str, Document]) -> dict[str, bytes]:
        return {p: aes_key_unwrap(self._master, d["wrapped"]) for p, d in documents.items() if "wrapped" in d}
