"""Links that only this service can make: what they say is signed."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from shared.errors import NotFound

SIGNATURE = 16


class Tokens:
    """Texts as tokens for URLs. The key is made of the master key and known to nobody else."""

    def __init__(self, master_key: bytes) -> None:
        self._key = hmac.digest(master_key, b"links in messages", sha256)

    def make(self, purpose: str, *parts: str) -> str:
        """Return the token; it opens for the same purpose only."""
        said = "\n".join((purpose, *parts)).encode()
        return urlsafe_b64encode(self._sign(said) + said).rstrip(b"=").decode()

    def open(self, purpose: str, token: str) -> list[str]:
        """Return the parts. Raises NotFound for a token that was not made here."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
            kind, *parts = raw[SIGNATURE:].decode().split("\n")
        except ValueError:
            raise NotFound("this link is not known") from None
        if not hmac.compare_digest(raw[:SIGNATURE], self._sign(raw[SIGNATURE:])) or kind != purpose:
            raise NotFound("this link is not known")
        return parts

    def _sign(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, sha256)[:SIGNATURE]
