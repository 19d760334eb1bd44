"""`POST /v1/events`: every item is judged by itself, and accepted only when it is safe on disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from services.contacts.door.recent import Recent
from services.contacts.door.spool import Spool
from shared.errors import FieldError, Invalid, Unavailable
from shared.events.clock import rfc3339
from shared.events.ids import partition_of
from shared.events.wire import JSON, Message
from shared.http.auth import Principal
from shared.identity import KINDS
from shared.receive import Heard
from shared.receive.ear import Ear
from shared.relay.publisher import Publisher

MOST_ITEMS = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one item: accepted, duplicate or rejected with reasons."""

    id: str | None
    status: str
    errors: tuple[FieldError, ...] = ()
    message: Message | None = None

    def shown(self) -> dict[str, Any]:
        """Return the item's line in the answer."""
        found: dict[str, Any] = {"id": self.id, "status": self.status}
        if self.errors:
            found["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in self.errors]
        return found


class FrontDoor:
    """Judges items, and hands the good ones to the broker, or to the spool while the broker is away.

    Raises Unavailable when neither takes them within the publisher's timeout; nothing was accepted then.
    """

    def __init__(self, ear: Ear, recent: Recent, publisher: Publisher, spool: Spool, partitions: int) -> None:
        self._ear, self._recent, self._publisher = ear, recent, publisher
        self._spool, self._partitions = spool, partitions

    def take(self, items: Sequence[Any], principal: Principal) -> list[Verdict]:
        """Return one verdict per item, in order."""
        heard = [self._heard(item, principal) for item in items]
        known = self._recent.known([h for h in heard if isinstance(h, Heard)])
        seen: dict[str, str] = {}
        verdicts = []
        for entry in heard:
            verdicts.append(entry if isinstance(entry, Verdict) else self._judge(entry, known, seen))
            if isinstance(entry, Heard):
                seen.setdefault(entry.key, entry.fingerprint)
        self._hand_on([v.message for v in verdicts if v.message])
        self._recent.add(seen)
        return verdicts

    def _heard(self, item: Any, principal: Principal) -> Heard | Verdict:
        if not isinstance(item, dict):
            return Verdict(None, "rejected", (FieldError("", "is not a JSON object"),))
        named = item.get("id")
        try:
            attributes = _attributes(item, principal)
            _permit(attributes, principal)
            return self._ear.understand(attributes, item.get("data"))
        except Invalid as error:
            return Verdict(named if isinstance(named, str) else None, "rejected", error.errors)

    def _judge(self, heard: Heard, known: Mapping[str, str], seen: Mapping[str, str]) -> Verdict:
        before = seen.get(heard.key) or known.get(heard.key)
        if before is None:
            return Verdict(heard.id, "accepted", (), self._message(heard))
        if before == heard.fingerprint:
            return Verdict(heard.id, "duplicate")
        reason = FieldError("/id", "was used before by this source for other content; kept in quarantine")
        return Verdict(heard.id, "rejected", (reason,), self._message(heard))

    def _hand_on(self, messages: list[Message]) -> None:
        if not messages:
            return
        try:
            self._publisher.publish(messages)
        except Unavailable:
            self._spool.keep(messages)

    def _message(self, heard: Heard) -> Message:
        partition = partition_of(f"{heard.source}|{_subject(heard)}", self._partitions)
        headers = {
            "ce-specversion": "1.0",
            "ce-id": heard.id,
            "ce-source": heard.source,
            "ce-type": heard.type,
            "ce-time": rfc3339(heard.time),
            "ce-datacontenttype": JSON,
            "ce-channel": heard.system,
            "ce-correlationid": heard.correlation_id,
            "ce-partition": str(partition),
        }
        if heard.traceparent:
            headers["ce-traceparent"] = heard.traceparent
        return Message(f"{heard.type}.{partition}", headers, orjson.dumps(heard.data), heard.id)


def _subject(heard: Heard) -> str:
    customer = heard.data.get("customer") or {}
    return next((customer[kind] for kind in KINDS if customer.get(kind)), heard.id)


def _attributes(item: Mapping[str, Any], principal: Principal) -> dict[str, str]:
    attributes = {name: value for name, value in item.items() if isinstance(value, str)}
    wrong = [
        FieldError(f"/{name}", "needs to be a text")
        for name, value in item.items()
        if name != "data" and value is not None and not isinstance(value, str)
    ]
    if item.get("specversion", "1.0") != "1.0":
        wrong.append(FieldError("/specversion", "must be 1.0"))
    if wrong:
        raise Invalid(*wrong)
    if principal.source:
        attributes.setdefault("source", principal.source)
    return attributes


def _permit(attributes: Mapping[str, str], principal: Principal) -> None:
    source, kind = attributes.get("source"), attributes.get("type")
    if source and kind and not principal.may_send(source, kind):
        told = f"this key may not report {kind[:200]} in the name of {source[:200]}"
        raise Invalid(FieldError("/source", told))
