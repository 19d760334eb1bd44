"""Objectives, initiatives and reports put together: measured, judged, rendered and sent."""

from datetime import datetime
from functools import partial

from services.analytics.api.objectives import ObjectivesApi
from services.analytics.api.reports import ReportsApi
from services.analytics.domain.initiative import INITIATIVE
from services.analytics.domain.metric import METRIC
from services.analytics.domain.objective import OBJECTIVE
from services.analytics.domain.report import REPORT, ReportTemplateSaved
from services.analytics.freshness import Freshness
from services.analytics.metrics import metric_of
from services.analytics.metrics.reader import Reader
from services.analytics.objectives.engine import ByCatalogue
from services.analytics.objectives.judging import Judging
from services.analytics.objectives.measuring import Measuring
from services.analytics.objectives.publishing import publish
from services.analytics.reports.answering import Answering, read_for
from services.analytics.reports.rendering import Rendering, Watermark
from services.analytics.reports.sending import Sending
from shared.events.clock import now
from shared.http.route import Route
from shared.listing.listing import Listing
from shared.mail.smtp import Smtp
from shared.service.preparing import Preparing
from shared.service.wiring import Wiring


class Goals:
    """Parts of the service over its wiring; `freshness` tells how far projections are."""

    def __init__(self, wiring: Wiring, reader: Reader, freshness: Freshness) -> None:
        self._streams = wiring.streams
        self.measuring = Measuring(ByCatalogue(reader), wiring.streams, now)
        reports, answering = wiring.streams[REPORT.category], Answering(reader)
        self.rendering = Rendering(answering, watermark_by(freshness), reports, now)
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


def watermark_by(freshness: Freshness) -> Watermark:
    """Return what tells how far all is that a page is read from; a page of words is read from nothing."""

    def watermark(template: ReportTemplateSaved, as_of: datetime) -> dict[str, int]:
        read = read_for(template, as_of)
        return freshness.watermark(*read) if read else {}

    return watermark


def _newest(metric_id: str) -> int:
    return metric_of(metric_id).version
