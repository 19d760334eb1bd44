"""Campaigns: what was planned, who was contacted, who responded."""

from typing import Any

from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.http.serving import serve
from shared.service.base import Service
from shared.service.extensions import RelayLoop, TimerLoop
from shared.service.intake import own_channel_queues


class CampaignsService(Service):
    """Campaigns, touches and responses."""

    name = "campaigns"
    relay = RelayLoop()
    timers = TimerLoop()

    @serve
    def http(self) -> Any:
        """Serve the API."""
        return self.app.http

    @batch_consume(queues=own_channel_queues)
    def channel_events(self, deliveries: list[Delivery]) -> None:
        """Take what the channels report."""
        self.app.receive(deliveries)
