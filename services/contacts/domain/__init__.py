"""The pure domain of contacts."""

from typing import Any

from services.contacts.domain.contact import CONTACT
from services.contacts.domain.imports import IMPORT_BATCH
from services.contacts.domain.interaction import INTERACTION
from services.contacts.domain.organization import ORGANIZATION
from services.contacts.domain.standard import STANDARD
from shared.decide.decider import Decider
from shared.plan import plan
from shared.vocabulary import vocabulary

VOCABULARY = vocabulary("contacts")
PLAN = plan("contacts", {"contact": STANDARD})
DECIDERS: tuple[Decider[Any], ...] = (CONTACT, INTERACTION, ORGANIZATION, PLAN, IMPORT_BATCH, VOCABULARY)

__all__ = ["CONTACT", "DECIDERS", "IMPORT_BATCH", "INTERACTION", "ORGANIZATION", "PLAN", "VOCABULARY"]
