"""The frozen audience: proved by a hash, its control group drawn by another."""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def list_hash(members: Iterable[str]) -> str:
    """Return the hash of a list of people, whatever their order (M-4)."""
    return sha256("\n".join(sorted(set(members))).encode()).hexdigest()


def in_control(contact_id: str, seed: str, share: float) -> bool:
    """Tell whether a person belongs to the control group: a matter of person and seed alone (M-3)."""
    return _drawn(contact_id, seed, "control") < share


def variant_of(contact_id: str, seed: str, variants: Sequence[str]) -> str:
    """Return the variant a person gets, drawn independently of the control group."""
    return variants[int(_drawn(contact_id, seed, "variant") * len(variants))]


def _drawn(contact_id: str, seed: str, what: str) -> float:
    digest = sha256(f"{what}:{seed}:{contact_id}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
