"""Wire analytics: intake, folds and the API over one database."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from kombu import Queue

from services.analytics.api.customers import CustomerApi
from services.analytics.api.metrics import MetricsApi
from services.analytics.api.operations import OperationsApi
from services.analytics.api.totals import totals_routes
from services.analytics.customers import Customers
from services.analytics.freshness import Freshness
from services.analytics.intake import Reception
from services.analytics.ledger import Ledger
from services.analytics.metrics.reader import Reader
from services.analytics.metrics.stored import MongoStored
from services.analytics.persons import Persons
from services.analytics.views import Secrets, projections
from shared.config import SERVICES, Settings
from shared.consume.http_log import HttpLog
from shared.events.clock import now
from shared.http.app import App
from shared.http.auth import Bearer
from shared.http.idempotency import MongoAnswers
from shared.http.key_routes import key_routes
from shared.http.keys import MongoKeyRing
from shared.identity import Refs
from shared.privacy import MongoKeyStore, Vault
from shared.project.folds import Folds
from shared.project.intake import Intake
from shared.project.journal import Journal
from shared.project.pointer import Views
from shared.project.target import Checkpoint
from shared.project.transact import open_database
from shared.relay.bell import Bell
from shared.store.client import connect, reachable
from shared.topology import declare, intake_queues

SOURCES = tuple(name for name in SERVICES if name != "analytics")


def queues(settings: Settings) -> Sequence[Queue]:
    """Return the intake queues: one per source and partition."""
    each = (intake_queues("analytics", source, settings.partitions) for source in SOURCES)
    return list(chain.from_iterable(each))


class Analytics:
    """Everything analytics is made of; building it touches neither broker nor database."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.client = settings, connect(settings.mongodb_url)
        self.database = open_database(self.client, settings.database())
        keys = self.client[settings.keys_database]["keys"]
        self.vault, self.refs = Vault(MongoKeyStore(keys, settings.master_key)), Refs(settings.identity_key)
        self.journal, self.views = Journal(self.database), Views(self.database)
        self.sources = {name: HttpLog(name, settings.peer(name), settings.service_key) for name in SOURCES}
        self.folds = Folds(self.journal, projections(Secrets(self.vault, self.refs)))
        self.fold_bell, self.rebuild_bell = Bell(), Bell()
        self.reception = Reception(Intake(self.journal, self.sources), self.sources, self.fold_bell.ring)
        self.checks: dict[str, Callable[[], str | None]] = {"database": reachable(self.client)}
        self.http = self._http()

    def prepare(self) -> None:
        """Make what is missing in database and broker. Raises Unavailable, and may then be tried again."""
        self.journal.prepare()
        self._answers.prepare()
        self.folds.prepare()
        declare(self.settings.amqp_url, queues(self.settings))

    def rebuild(self) -> int:
        """Run the rebuilds that wait; return how many."""
        return sum(live.run_rebuilds() for live in self.folds.lives.values())

    def close(self) -> None:
        """End the connections."""
        self.client.close()

    def journaled(self) -> Checkpoint:
        """Return how far the journal itself is."""
        marks = self.journal.marks()
        return Checkpoint(
            marks={s: {str(p): m.position for p, m in parts.items()} for s, parts in marks.items()},
            counts={s: sum(m.applied for m in parts.values()) for s, parts in marks.items()},
        )

    def _http(self) -> App:
        checkpoints: Mapping[str, Callable[[], Checkpoint]] = {
            "journal": self.journaled, **{name: live.checkpoint for name, live in self.folds.lives.items()}
        }  # fmt: skip
        freshness = Freshness(self.sources, checkpoints, self.settings.partitions)
        customers = Customers(self.journal, self.views, self.refs)
        ring, self._answers = MongoKeyRing(self.database), MongoAnswers(self.database, now)
        ledger = Ledger(self.journal, self.sources)
        people = CustomerApi(customers, Persons(self.vault), freshness, self.journal, self.views)
        operations = OperationsApi(self.folds.lives, self.journal, freshness, ledger, self.rebuild_bell)
        metrics = MetricsApi(Reader(MongoStored(self.views)), freshness, now)
        routes: list[Any] = [*people.routes(), *metrics.routes(), *totals_routes(self.views, freshness)]
        routes += operations.routes()
        return App(
            "Rapport analytics",
            "1",
            [*routes, *key_routes(ring, now)],
            Bearer.of(self.settings, ring, now),
            answers=self._answers,
            checks=self.checks,
        )


def build(settings: Settings) -> Analytics:
    """Return the service, wired."""
    return Analytics(settings)
