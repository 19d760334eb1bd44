"""Campaigns: what was planned, who was contacted, who responded."""

from typing import Any

from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.http.serving import serve
from shared.mail.loop import MailingLoop
from shared.react.reception import audit, follow
from shared.service.base import Service
from shared.service.extensions import RelayLoop, TimerLoop, WebhookLoop, every
from shared.service.intake import followed_queues, own_channel_queues

FOLLOWED = ("contacts", "sales", "support", "analytics", "campaigns")


class CampaignsService(Service):
    """Campaigns and everything they send."""

    name = "campaigns"
    relay = RelayLoop()
    timers = TimerLoop()
    webhooks = WebhookLoop()
    mailing = MailingLoop()

    @serve
    def http(self) -> Any:
        """Serve the API and what recipients reach."""
        return self.app.http

    @batch_consume(queues=own_channel_queues)
    def channel_events(self, deliveries: list[Delivery]) -> None:
        """Take what the channels report."""
        self.app.receive(deliveries)

    @batch_consume(queues=followed_queues(*FOLLOWED))
    def followed_events(self, deliveries: list[Delivery]) -> None:
        """React to what contacts knows, and to what happened here."""
        follow(self.app.reactor, deliveries)

    @every(seconds=5)
    def audits(self) -> None:
        """Fill what the queues lost."""
        audit(self.app.reactor, FOLLOWED)
