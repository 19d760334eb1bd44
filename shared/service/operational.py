"""The base of a service that channels report to and that follows others: a department's own system."""

from typing import Any

from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.http.serving import serve
from shared.react.reception import audit, follow
from shared.service.base import Service
from shared.service.extensions import RelayLoop, TimerLoop, WebhookLoop, every
from shared.service.intake import followed_queues, own_channel_queues


class OperationalService(Service):
    """Serves its API, relays its log, takes channel events, and reacts to the logs it follows.

    `class SalesService(OperationalService, follows=("campaigns",))`; whatever else the service does stands in
    its own class.
    """

    follows: tuple[str, ...] = ()
    relay: Any = RelayLoop()
    timers: Any = TimerLoop()
    webhooks: Any = WebhookLoop()

    def __init_subclass__(cls, follows: tuple[str, ...] = (), **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.follows = follows
        cls.followed_events = _following(follows)

    @serve
    def http(self) -> Any:
        """Serve the API."""
        return self.app.http

    @batch_consume(queues=own_channel_queues)
    def channel_events(self, deliveries: list[Delivery]) -> None:
        """Take what the channels report."""
        self.app.receive(deliveries)

    followed_events: Any = None

    @every(seconds=5)
    def audited_logs(self) -> None:
        """React to what the queues lost."""
        audit(self.app.reactor, self.follows)


def _following(sources: tuple[str, ...]) -> Any:
    """Return the entrypoint of one class: which queues it takes from stands on the function itself."""

    @batch_consume(queues=followed_queues(*sources))
    def followed_events(self: OperationalService, deliveries: list[Delivery]) -> None:
        """React to what the services it follows say."""
        follow(self.app.reactor, deliveries)

    return followed_events
