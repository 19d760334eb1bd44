"""Turn CloudEvents into events the service has heard, or say what is wrong with them."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson

from shared.consume.delivery import CloudEvent
from shared.contracts.catalogue import Catalogue
from shared.days import SKEW
from shared.errors import FieldError, Invalid
from shared.events.clock import Clock, parse_rfc3339
from shared.events.ids import derived
from shared.identity import KINDS, Refs, identifiers_of, normalise
from shared.receive.heard import Heard
from shared.storable import suspicious, unstorable

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LONGEST_NAME = 200
NEEDED, KEPT = ("id", "source", "type"), ("correlationid", "traceparent")


@dataclass(frozen=True)
class Ear:
    """Checks an event against its contract and against the clock, and works out whom it is about."""

    catalogue: Catalogue
    refs: Refs
    clock: Clock

    def hear(self, event: CloudEvent) -> Heard:
        """Return the event heard. Raises Invalid naming every field that is wrong."""
        try:
            data = orjson.loads(event.data)
        except orjson.JSONDecodeError as error:
            raise Invalid(FieldError("/data", f"is not JSON: {error}")) from error
        heard = self.understand(event.attributes, data)
        if suspicious(event.data) and (errors := unstorable(data, "/data")):
            raise Invalid(*errors)
        return heard

    def understand(self, attributes: Mapping[str, str], data: Any) -> Heard:
        """Return the event of attributes and decoded data. Raises Invalid as `hear` does."""
        _named(attributes)
        known = self._checked(attributes["type"], data)
        identifiers = identifiers_of(known.get("customer"))
        key = (attributes["source"], attributes["id"])
        return Heard(
            id=attributes["id"],
            source=attributes["source"],
            type=attributes["type"],
            time=self._time(attributes.get("time")),
            data=known,
            fingerprint=self._fingerprint(attributes["type"], known),
            customer=self.refs.of(identifiers[0]) if identifiers else None,
            identifiers=identifiers,
            correlation_id=attributes.get("correlationid") or derived(*key),
            traceparent=attributes.get("traceparent"),
        )

    def whom(self, body: bytes) -> str | None:
        """Return the ref of the strongest identifier in a body that was not understood, or None."""
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        inner = said.get("data", said) if isinstance(said, dict) else None
        customer = inner.get("customer") if isinstance(inner, dict) else None
        return next(self._named_by(customer), None) if isinstance(customer, dict) else None

    def _named_by(self, customer: Mapping[str, Any]) -> Iterator[str]:
        for kind in KINDS:
            if isinstance(customer.get(kind), str):
                with suppress(Invalid):
                    yield self.refs.of(normalise(kind, customer[kind]))

    def _checked(self, type_: str, data: Any) -> dict[str, Any]:
        try:
            return self.catalogue[type_].check(data)
        except Invalid as error:
            raise Invalid(*map(_in_data, error.errors)) from error

    def _time(self, text: str | None) -> datetime:
        now = self.clock()
        if text is None:
            return now
        try:
            moment = parse_rfc3339(text)
        except ValueError as error:
            raise Invalid(FieldError("/time", f"is not an RFC 3339 date and time: {error}")) from error
        if moment > now + SKEW:
            raise Invalid(
                FieldError("/time", f"is ahead of the clock by {moment - now}; 5 minutes are allowed")
            )
        if moment < EARLIEST:
            raise Invalid(FieldError("/time", f"lies before {EARLIEST.year}"))
        return moment

    def _fingerprint(self, type_: str, data: Mapping[str, Any]) -> str:
        content = orjson.dumps([type_, data], option=orjson.OPT_SORT_KEYS)
        return self.refs.digest(blake2b(content, digest_size=16).hexdigest(), 32)


def _in_data(error: FieldError) -> FieldError:
    return error if error.pointer == "/type" else FieldError("/data" + error.pointer, error.detail)


def _named(attributes: Mapping[str, str]) -> None:
    """They travel on in the headers of messages, whose names take 255 bytes and which are one frame."""
    missing = [FieldError(f"/{name}", "is missing") for name in NEEDED if not attributes.get(name)]
    long = [name for name in (*NEEDED, *KEPT) if len(attributes.get(name, "").encode()) > LONGEST_NAME]
    if missing or long:
        told = f"is longer than {LONGEST_NAME} bytes of UTF-8"
        raise Invalid(*missing, *(FieldError(f"/{name}", told) for name in long))
