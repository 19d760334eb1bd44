"""Which refs mean one person, as contacts tells: for services that follow it."""

from shared.people.people import TYPES, People

__all__ = ["TYPES", "People"]
