"""Standard Webhooks (standardwebhooks.com, 1.0): secrets, headers and the body of one delivery."""

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from standardwebhooks import Webhook as Signer

from shared.events import Event
from shared.events.wire import STRUCTURED, to_json
from shared.privacy import Vault
from shared.privacy.keeping import over
from shared.privacy.sealing import is_sealed
from shared.webhooks.subscription import Webhook

AGENT = "Rapport-Webhooks/1"
PING = "rapport.webhook.ping.v1"


class Secrets:
    """Secrets are made of the master key, so that none is stored anywhere or shown twice."""

    def __init__(self, master_key: bytes, service: str) -> None:
        self._key = hmac.digest(master_key, f"webhooks of {service}".encode(), sha256)

    def of(self, webhook_id: str, generation: int) -> str:
        """Return secret number `generation` of a subscription, `whsec_` and 32 bytes in base64."""
        said = f"{generation}\n{webhook_id}".encode()
        return "whsec_" + b64encode(hmac.digest(self._key, said, sha256)).decode()


def signed(message_id: str, at: datetime, body: bytes, secrets: list[str]) -> dict[str, str]:
    """Return the headers of a delivery; every secret signs, separated by blanks."""
    signatures = [Signer(secret).sign(message_id, at, body.decode()) for secret in secrets]
    return {
        "Content-Type": STRUCTURED,
        "User-Agent": AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def body_of(event: Event, webhook: Webhook, vault: Vault, now: datetime) -> bytes:
    """Return the event as CloudEvents JSON; personal fields are opened for who may read them as long as they
    are kept, else absent.
    """
    item = to_json(event)
    reveal = bool(webhook.registered and webhook.registered.personal and not over(event.data, now))
    shown = {name: _shown(value, event, name, vault, reveal) for name, value in event.data.items()}
    gone = {name for name, value in shown.items() if value is None and is_sealed(event.data[name])}
    return orjson.dumps({**item, "data": {name: v for name, v in shown.items() if name not in gone}})


def ping(service: str, webhook_id: str, message_id: str, at: str) -> bytes:
    """Return the body of a test: an event of no log."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": message_id,
            "source": f"/rapport/{service}",
            "type": PING,
            "time": at,
            "datacontenttype": "application/json",
            "data": {"webhook_id": webhook_id},
        }
    )


def _shown(value: Any, event: Event, name: str, vault: Vault, reveal: bool) -> Any:
    if not is_sealed(value):
        return value
    return vault.open(value, event.stream, name) if reveal else None
