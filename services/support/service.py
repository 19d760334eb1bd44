"""Support: tickets and the clocks of what was promised for them."""

from typing import Any

from services.support.reactions import SOURCES
from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.http.serving import serve
from shared.mail.loop import MailingLoop
from shared.react.reception import audit, follow
from shared.service.base import Service
from shared.service.extensions import RelayLoop, TimerLoop, WebhookLoop, every
from shared.service.intake import followed_queues, own_channel_queues


class SupportService(Service):
    """Tickets, SLA clocks, surveys, proactive cases and self-service."""

    name = "support"
    relay = RelayLoop()
    timers = TimerLoop()
    mailing = MailingLoop()
    webhooks = WebhookLoop()

    @serve
    def http(self) -> Any:
        """Serve the API."""
        return self.app.http

    @batch_consume(queues=own_channel_queues)
    def channel_events(self, deliveries: list[Delivery]) -> None:
        """Take what the channels report."""
        self.app.receive(deliveries)

    @batch_consume(queues=followed_queues(*SOURCES))
    def followed_events(self, deliveries: list[Delivery]) -> None:
        """React to what happened here and in other services."""
        follow(self.app.reactor, deliveries)

    @every(seconds=5)
    def audited_logs(self) -> None:
        """React to what the queues lost."""
        audit(self.app.reactor, SOURCES)
