"""Where accepted events wait while the broker is away: in the database, sealed."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

import orjson
from pymongo import ASCENDING
from pymongo.database import Database

from shared.events.clock import Clock
from shared.events.ids import fresh
from shared.events.wire import Message
from shared.identity import Refs
from shared.identity.identifiers import identifiers_of
from shared.privacy import Erased, Vault
from shared.relay.publisher import Publisher
from shared.store.client import answering

SPOOL, LOT = "spool", 500
Document = dict[str, Any]


class Spool:
    """Keeps messages and publishes them later, oldest first; a crash in between publishes some twice."""

    def __init__(
        self, database: Database[Document], vault: Vault, refs: Refs, publisher: Publisher, clock: Clock
    ) -> None:
        self._kept, self._vault, self._refs = database[SPOOL], vault, refs
        self._publisher, self._clock = publisher, clock

    def prepare(self) -> None:
        """Make the collection, so that it can be written at once."""
        with answering():
            self._kept.create_index([("shelf", ASCENDING), ("at", ASCENDING)], name="shelf_at")

    def keep(self, messages: Sequence[Message]) -> None:
        """Store messages durably. Raises Unavailable when the database is away as well."""
        with answering():
            documents = [d for m in messages if (d := self._sealed(m))]
            if documents:
                self._kept.insert_many(documents)

    def drain(self) -> int:
        """Publish a lot of what is kept; return how many went out. Raises Unavailable."""
        with answering():
            lot = list(self._kept.find({"shelf": 0}).sort("at", ASCENDING).limit(LOT))
        if not lot:
            return 0
        self._publisher.publish([m for d in lot if (m := self._opened(d))])
        with answering():
            self._kept.delete_many({"_id": {"$in": [d["_id"] for d in lot]}})
        return len(lot)

    def _sealed(self, message: Message) -> Document | None:
        key = fresh()
        identifiers = identifiers_of(orjson.loads(message.body).get("customer"))
        person = self._refs.of(identifiers[0]) if identifiers else f"spool-{key}"
        try:
            body = self._vault.seal(
                person, f"spool-{key}", {"body": b64encode(message.body).decode()}, ("body",)
            )
        except Erased:
            return None  # the person was erased: the receivers would suppress the event
        return {
            "_id": key,
            "shelf": 0,
            "at": self._clock(),
            "routing_key": message.routing_key,
            "headers": dict(message.headers),
            "message_id": message.message_id,
            **body,
        }

    def _opened(self, document: Document) -> Message | None:
        body = self._vault.open(document["body"], f"spool-{document['_id']}", "body")
        if body is None:
            return None
        return Message(document["routing_key"], document["headers"], b64decode(body), document["message_id"])
