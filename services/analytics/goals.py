"""Objectives, initiatives and reports put together: measured, judged, rendered and sent."""

from collections.abc import Callable
from functools import partial
from typing import Any

from services.analytics.api.objectives import ObjectivesApi
from services.analytics.api.reports import ReportsApi
from services.analytics.domain.initiative import INITIATIVE
from services.analytics.domain.metric import METRIC
from services.analytics.domain.objective import OBJECTIVE
from services.analytics.domain.report import REPORT
from services.analytics.metrics import metric_of
from services.analytics.metrics.reader import Reader
from services.analytics.objectives.engine import ByCatalogue
from services.analytics.objectives.judging import Judging
from services.analytics.objectives.measuring import Measuring
from services.analytics.objectives.publishing import publish
from services.analytics.reports.answering import Answering
from services.analytics.reports.rendering import Rendering
from services.analytics.reports.sending import Sending
from shared.events.clock import now
from shared.http.route import Route
from shared.listing.listing import Listing
from shared.mail.smtp import Smtp
from shared.service.preparing import Preparing
from shared.service.wiring import Wiring


class Goals:
    """Parts of the service over its wiring; `watermark` tells how far the facts are."""

    def __init__(self, wiring: Wiring, reader: Reader, watermark: Callable[[], dict[str, Any]]) -> None:
        self._streams = wiring.streams
        self.measuring = Measuring(ByCatalogue(reader), wiring.streams, now)
        reports, answering = wiring.streams[REPORT.category], Answering(reader)
        self.rendering = Rendering(answering, watermark, reports, now)
        self.judging = Judging(
            wiring.store, wiring.streams[OBJECTIVE.category], Listing(wiring.database, OBJECTIVE),
            self.measuring, wiring.leadership("judging"), now,
        )  # fmt: skip
        smtp = Smtp(wiring.settings.smtp_url)
        waiting, leadership = Listing(wiring.database, REPORT), wiring.leadership("reports")
        self.sending = Sending(wiring.store, reports, waiting, self.rendering, smtp, leadership, now)
        self.preparing = {
            OBJECTIVE.category: self.measuring.objectives(),
            INITIATIVE.category: self.measuring.initiatives(),
            REPORT.category: Preparing(complete=answering.checked),
        }
        wiring.preparations.append(partial(publish, wiring.streams[METRIC.category], now))

    def routes(self) -> list[Route]:
        """Return the routes beside those of the aggregates."""
        objectives = ObjectivesApi(self._streams[OBJECTIVE.category], self.measuring, _newest)
        return [
            *objectives.routes(),
            *ReportsApi(self._streams[REPORT.category], self.rendering, now).routes(),
        ]


def _newest(metric_id: str) -> int:
    return metric_of(metric_id).version
