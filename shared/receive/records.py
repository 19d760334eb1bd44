"""What receiving leaves behind besides events: receipts, the ledger and the quarantine."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import FieldError
from shared.events.ids import derived
from shared.privacy import Vault
from shared.receive.heard import Heard
from shared.store.write import Count, Insert, Put, Write

RECEIPTS, LEDGER, QUARANTINE = "receipts", "ledger", "quarantine"


def receipt(heard: Heard, outcome: str) -> Insert:
    """Return the receipt that makes the event recognisable for ever."""
    document = {"_id": heard.key, "fingerprint": heard.fingerprint, "outcome": outcome}
    return Insert(RECEIPTS, document)


def counted(source: str, *outcomes: str) -> Count:
    """Return the ledger entry: one more received from `source`, and what became of it."""
    return Count(LEDGER, source, {"received": 1, **dict.fromkeys(outcomes, 1)})


def overheard(source: str, owner: str) -> Count:
    """Return the ledger entry of an event that another service answers for."""
    return Count(LEDGER, source, {f"heard_{owner}": 1})


def quarantined(
    vault: Vault,
    *,
    source: str,
    event_id: str,
    type_: str,
    person: str | None,
    body: bytes,
    headers: Mapping[str, Any],
    content_type: str,
    errors: Sequence[FieldError],
    at: datetime,
) -> Insert:
    """Return the quarantined item: the original bytes, sealed, and every reason. Raises Erased."""
    event_id = _text(event_id)
    key = derived(source, event_id, type_, hash_of(body))
    stream = f"quarantine-{key}"
    original = vault.seal(person or stream, stream, {"body": b64encode(body).decode()}, ("body",))
    document = {
        "_id": key,
        "source": source,
        "event_id": event_id,
        "type": type_,
        "reasons": [{"pointer": _text(e.pointer), "detail": _text(e.detail)} for e in errors],
        "body": original["body"],
        "headers": {_name(k): _text(str(v)) for k, v in headers.items()},
        "content_type": _text(content_type),
        "state": "open",
        "received_at": at,
    }
    return Insert(QUARANTINE, document)


def _text(text: str) -> str:
    """Bytes that were no text have come as surrogates, which no document holds."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _name(header: str) -> str:
    return _text(header).replace(".", "_").replace("\0", "?").lstrip("$")


def hash_of(body: bytes) -> str:
    """Return what tells two bodies under one id apart."""
    return derived("body", b64encode(body).decode())


def settled(item: Mapping[str, Any], state: str, at: datetime) -> Write:
    """Return the quarantined item in its final state: resubmitted or discarded."""
    return Put(QUARANTINE, {**item, "state": state, "settled_at": at})
