"""Analytics: the journal of all services, the customer view, and every question about customers."""

from typing import Any

from services.analytics.bootstrap import queues
from services.analytics.extensions import AssessLoop, FitLoop, FoldLoop, JudgingLoop, RebuildLoop, ReportLoop
from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.http.serving import serve
from shared.service.base import Service
from shared.service.extensions import RelayLoop, TimerLoop, WebhookLoop, every


class AnalyticsService(Service):
    """One view of the customer."""

    name = "analytics"
    relay = RelayLoop()
    timers = TimerLoop()
    webhooks = WebhookLoop()
    folds = FoldLoop()
    standings = AssessLoop()
    rebuilds = RebuildLoop()
    fits = FitLoop()
    judging = JudgingLoop()
    reports = ReportLoop()

    @serve
    def http(self) -> Any:
        """Serve the API."""
        return self.app.http

    @batch_consume(queues=queues)
    def events(self, deliveries: list[Delivery]) -> None:
        """Journal what the other services published."""
        self.app.reception.receive(deliveries)

    @every(5)
    def audit(self) -> None:
        """Notice lost queues although nothing arrives."""
        self.app.reception.audit()

    @every(60)
    def watched_segments(self) -> None:
        """Compare one living segment after the other with full evaluation."""
        self.app.parity.watch()
