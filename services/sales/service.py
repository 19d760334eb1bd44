"""Sales: orders from every channel, returns, and opportunities."""

from typing import Any

from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.http.serving import serve
from shared.service.base import Service
from shared.service.extensions import RelayLoop
from shared.service.intake import own_channel_queues


class SalesService(Service):
    """Orders and opportunities."""

    name = "sales"
    relay = RelayLoop()

    @serve
    def http(self) -> Any:
        """Serve the API."""
        return self.app.http

    @batch_consume(queues=own_channel_queues)
    def channel_events(self, deliveries: list[Delivery]) -> None:
        """Take what the channels report."""
        self.app.receive(deliveries)
