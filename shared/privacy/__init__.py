"""Privacy: one key per person, sealed fields, erasure by destroying the key."""

from shared.privacy.keys import KeyStore, MemoryKeyStore, MongoKeyStore
from shared.privacy.vault import Erased, Vault

__all__ = ["Erased", "KeyStore", "MemoryKeyStore", "MongoKeyStore", "Vault"]
