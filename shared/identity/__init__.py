"""Identity: identifiers, their one spelling, and the refs that name a customer."""

from shared.identity.identifiers import KINDS, Identifier, Refs, identifiers_of, normalise

__all__ = ["KINDS", "Identifier", "Refs", "identifiers_of", "normalise"]
