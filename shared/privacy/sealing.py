"""Seal a text with a person's key: AES-256-GCM, bound to the stream and field it belongs to."""

import os
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import Corrupt

PREFIX = "sealed:"
NONCE_BYTES = 12


def seal(key: bytes, person: str, text: str, place: str) -> str:
    """Return `sealed:<person>:<base64>`; only the same key and place open it."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())
    return f"{PREFIX}{person}:{b64encode(sealed).decode()}"


def is_sealed(text: object) -> bool:
    """Tell whether a value is a sealed text."""
    return isinstance(text, str) and text.startswith(PREFIX)


def person_of(sealed: str) -> str:
    """Return whose key sealed the text."""
    return sealed[len(PREFIX) :].rpartition(":")[0]


def unseal(key: bytes, sealed: str, place: str) -> str:
    """Return the text. Raises Corrupt when it was altered, moved, or sealed with another key."""
    try:
        raw = b64decode(sealed.rpartition(":")[2], validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Corrupt(f"a sealed text of {person_of(sealed)} does not open at {place}") from error
