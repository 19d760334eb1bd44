"""Wire analytics: its own log, the intake of all logs, folds and the API over one database."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from kombu import Queue

from services.analytics.api.customers import CustomerApi
from services.analytics.api.exports import ExportApi
from services.analytics.api.history import HistoryApi
from services.analytics.api.impact import ImpactApi
from services.analytics.api.metrics import MetricsApi
from services.analytics.api.operations import OperationsApi
from services.analytics.api.predictions import PredictionApi
from services.analytics.api.reminders import RemindersApi
from services.analytics.api.segments import SegmentApi
from services.analytics.api.stalled import StalledApi
from services.analytics.api.views import ViewsApi
from services.analytics.api.what_if import WhatIfApi
from services.analytics.customers import Customers
from services.analytics.domain import AGGREGATES
from services.analytics.domain.rating import RATING
from services.analytics.domain.standing import STANDING
from services.analytics.exports.mongo_views import Analysts
from services.analytics.exports.reading import Rows
from services.analytics.exports.tables import tables
from services.analytics.freshness import Freshness
from services.analytics.goals import Goals
from services.analytics.intake import Reception
from services.analytics.ledger import Ledger
from services.analytics.metrics.reader import Reader
from services.analytics.metrics.stored import MongoStored
from services.analytics.persons import Persons
from services.analytics.predictions.fitter import Fitter
from services.analytics.predictions.scoring import Scoring
from services.analytics.predictions.store import Fits, FittedModels
from services.analytics.segments.calibrating import Calibrating
from services.analytics.segments.criteria import InForce
from services.analytics.segments.evaluating import Evaluating
from services.analytics.segments.following import Following
from services.analytics.segments.jobs import Jobs
from services.analytics.segments.parity import Parity
from services.analytics.segments.standings import Standings
from services.analytics.views import Secrets, projections
from services.analytics.worth import Worth
from shared.config import SERVICES, Settings
from shared.consume.http_log import HttpLog
from shared.consume.own_log import OwnLog
from shared.consume.source_log import Source
from shared.events.clock import now
from shared.http.route import Route
from shared.listing.listing import Listing
from shared.project.folds import Folds
from shared.project.intake import Intake
from shared.project.journal import Journal
from shared.project.pointer import Views
from shared.project.target import Checkpoint
from shared.relay.bell import Bell
from shared.service.preparing import Preparing
from shared.service.wiring import Wiring
from shared.topology import intake_queues


def queues(settings: Settings) -> Sequence[Queue]:
    """Return the intake queues: one per source and partition."""
    each = (intake_queues("analytics", source, settings.partitions) for source in SERVICES)
    return list(chain.from_iterable(each))


class Analytics(Wiring):
    """Wiring and what only analytics has: the journal of all logs, its own among them, and what it folds."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, AGGREGATES)
        self.journal, self.views = Journal(self.database), Views(self.database)
        self.sources: dict[str, Source] = {name: self._source(name) for name in SERVICES}
        self.folds = Folds(self.journal, projections(Secrets(self.vault, self.refs)))
        self.fitted, self.fits = FittedModels(self.database), Fits(self.database)
        self.fold_bell, self.rebuild_bell, self.assess_bell = Bell(), Bell(), Bell()
        self.reception = Reception(Intake(self.journal, self.sources), self.sources, self.fold_bell.ring)
        self.inforce = InForce(self.views, self.streams["scale"], self.streams["rating"], self.fitted)
        self.jobs = Jobs(self.database, self.views, now)
        self.following = self._following()
        self.preparations += [self.journal.prepare, self.folds.prepare, self.fitted.prepare]
        self.analysts = Analysts(self.database)
        self.preparations.append(self.analysts.point)
        self.checkpoints: Mapping[str, Callable[[], Checkpoint]] = {
            "journal": self.journaled, **{name: live.checkpoint for name, live in self.folds.lives.items()}
        }  # fmt: skip
        self.freshness = Freshness(self.sources, self.checkpoints, settings.partitions)
        self.reader = Reader(MongoStored(self.views))
        self.goals = Goals(self, self.reader, self.freshness)
        self.preparing |= {**self.goals.preparing, RATING.category: Preparing(state=self.inforce.rating)}
        self.preparations.append(self.following.prepare)
        self.serve(None, self._api())

    def queues(self) -> list[Queue]:
        """Return the queues of every service, and the intake of all of them."""
        return [*super().queues(), *queues(self.settings)]

    def fold(self) -> int:
        """Fold what the journal has got; return how many entries. Whoever follows the folds is woken."""
        taken = self.folds.step()
        if taken:
            self.assess_bell.ring()
        return taken

    def rebuild(self) -> int:
        """Run the rebuilds that wait; return how many. Analysts' views follow what they have put in place."""
        done = self.folds.run_rebuilds()
        if done:
            self.analysts.point()
        return done

    def journaled(self) -> Checkpoint:
        """Return how far the journal itself is."""
        marks = self.journal.marks()
        return Checkpoint(
            marks={s: {str(p): m.position for p, m in parts.items()} for s, parts in marks.items()},
            counts={s: sum(m.applied for m in parts.values()) for s, parts in marks.items()},
        )

    def _following(self) -> Following:
        standings = Standings(self.store, self.inforce, self.vault, now)
        calibrating = Calibrating(self.views, self.streams["scale"], self.inforce, now)
        leadership = self.leadership("standings")
        parts = (self.folds, standings, self.jobs, calibrating, self.inforce, leadership, now)
        return Following(self.store, self.journal, *parts)

    def _source(self, name: str) -> Source:
        if name == self.settings.service:
            return OwnLog(self.store)
        return HttpLog(name, self.settings.peer(name), self.settings.service_key)

    def _api(self) -> list[Route]:
        freshness, customers = self.freshness, Customers(self.journal, self.views, self.refs)
        ledger = Ledger(self.journal, self.sources)
        scoring = Scoring(customers, self.fitted)
        worth = Worth(customers, self.inforce, scoring)
        people = CustomerApi(customers, Persons(self.vault, now), freshness, self.journal, worth)
        operations = OperationsApi(self.folds.lives, self.journal, freshness, ledger, self.rebuild_bell)
        metrics = MetricsApi(self.reader, freshness, now)
        routes = [*people.routes(), *metrics.routes()]
        routes += ImpactApi(self.reader, freshness, now).routes()
        routes += StalledApi(self.reader, freshness, now).routes()
        routes += ViewsApi(self.views, customers, freshness, now).routes()
        routes += RemindersApi(self.views, self.refs, freshness, now).routes()
        self.fitter = Fitter(self.views, self.fitted, self.fits, freshness)
        routes += PredictionApi(customers, freshness, self.fitter, scoring).routes()
        rows = Rows(self.journal, self.views, self.vault, lambda name: self.checkpoints[name]())
        routes += ExportApi(rows, tables(self.vault, now)).routes()
        routes += WhatIfApi(self.reader, self.fitted, freshness, now).routes()
        routes += HistoryApi(self.journal, self.views, freshness).routes()
        evaluating = Evaluating(self.journal, self.store, self.inforce, self.vault, now)
        lines, watching = Listing(self.database, STANDING), self.leadership("parity")
        self.parity = Parity(self.inforce, evaluating, self.jobs, lines, watching, now)
        parts = (evaluating, self.jobs, customers, self.freshness, self.database, now)
        routes += SegmentApi(self.inforce, *parts, self.following.progress, self.parity).routes()
        return [*routes, *operations.routes(), *self.goals.routes()]


def build(settings: Settings) -> Analytics:
    """Return the service, wired."""
    return Analytics(settings)
