"""The pure domain of contacts."""

from services.contacts.domain.contact import CONTACT
from services.contacts.domain.interaction import INTERACTION

DECIDERS = (CONTACT, INTERACTION)

__all__ = ["CONTACT", "DECIDERS", "INTERACTION"]
