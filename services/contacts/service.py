"""Contacts: who the customers are, how they may be reached, and every front-office interaction."""

from services.contacts.reacting import FOLLOWED
from shared.service.extensions import every
from shared.service.operational import OperationalService


class ContactsService(OperationalService, follows=FOLLOWED):
    """The front office."""

    name = "contacts"

    @every(seconds=2)
    def likely_duplicates(self) -> None:
        """Compare the contacts that changed with others."""
        self.app.finding.step()

    @every(seconds=1)
    def spooled_events(self) -> None:
        """Hand on what was accepted while the broker was away."""
        self.app.spool.drain()
