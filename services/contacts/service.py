"""Contacts: who the customers are, how they may be reached, and every front-office interaction."""

from typing import Any

from services.contacts.reacting import FOLLOWED
from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.http.serving import serve
from shared.react.reception import audit, follow
from shared.service.base import Service
from shared.service.extensions import RelayLoop, TimerLoop, WebhookLoop, every
from shared.service.intake import followed_queues, own_channel_queues


class ContactsService(Service):
    """The front office."""

    name = "contacts"
    relay = RelayLoop()
    timers = TimerLoop()
    webhooks = WebhookLoop()

    @serve
    def http(self) -> Any:
        """Serve the API and the front door."""
        return self.app.http

    @batch_consume(queues=own_channel_queues)
    def channel_events(self, deliveries: list[Delivery]) -> None:
        """Take what the channels report."""
        self.app.receive(deliveries)

    @batch_consume(queues=followed_queues(*FOLLOWED))
    def followed_events(self, deliveries: list[Delivery]) -> None:
        """React to what the other services say."""
        follow(self.app.reactor, deliveries)

    @every(seconds=5)
    def followed_logs(self) -> None:
        """React to what the queues have lost."""
        audit(self.app.reactor, FOLLOWED)

    @every(seconds=2)
    def likely_duplicates(self) -> None:
        """Compare the contacts that changed with others."""
        self.app.finding.step()

    @every(seconds=1)
    def spooled_events(self) -> None:
        """Hand on what was accepted while the broker was away."""
        self.app.spool.drain()
