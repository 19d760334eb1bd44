"""Put a service together: the one composition root they all share."""

import os
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Self

from kombu import Queue

from shared.config import Settings
from shared.consume.http_log import HttpLog
from shared.consume.own_log import OwnLog
from shared.consume.source_log import SourceLog
from shared.contracts.asyncapi import asyncapi
from shared.contracts.catalogue import Catalogue
from shared.contracts.channels import CHANNEL_TYPES
from shared.decide import Decider, streams_of
from shared.events.clock import now
from shared.events.ids import fresh
from shared.http.app import App
from shared.http.auth import Bearer
from shared.http.idempotency import MongoAnswers
from shared.http.key_routes import key_routes
from shared.http.keys import MongoKeyRing
from shared.http.route import Route
from shared.identity import Refs
from shared.listing.listing import Listing
from shared.plan import Declared, SetField
from shared.plan.telling import Telling
from shared.privacy import MongoKeyStore, Vault
from shared.react import PlanEvents, React, Reactor
from shared.receive import Apply
from shared.receive.clinic import Clinic
from shared.receive.plan import Deciding, Planner
from shared.receive.receiver import Receiver
from shared.relay.bell import Bell
from shared.relay.lease import Leadership
from shared.relay.mongo import MongoRelayState
from shared.relay.near import Near
from shared.relay.publisher import Publisher
from shared.relay.relay import Relay
from shared.service.aggregate_routes import aggregate_routes
from shared.service.declaring import declaring
from shared.service.list_routes import KnownAs, alone, list_route
from shared.service.log_routes import ledger_route, log_routes
from shared.service.preparing import Preparing
from shared.service.quarantine_routes import quarantine_routes
from shared.store.client import connect, reachable
from shared.store.mongo import MongoStore
from shared.timers.timers import Timers
from shared.topology import channel_queues, declare, intake_queues
from shared.webhooks import CATEGORY as WEBHOOK
from shared.webhooks import webhook
from shared.webhooks.book import Book
from shared.webhooks.carrier import Carrier
from shared.webhooks.courier import Courier
from shared.webhooks.posting import Post
from shared.webhooks.routes import WebhookRoutes
from shared.webhooks.signing import Secrets


class Wiring:
    """Everything a service is made of; building it touches neither broker nor database."""

    def __init__(self, settings: Settings, deciders: Mapping[str, Decider[Any]]) -> None:
        self.settings = settings
        self.deciders = deciders = {**deciders, "webhooks": webhook(settings.service)}
        self.client = connect(settings.mongodb_url)
        self.bell = Bell()
        self.store = Ringing(self.client, settings, self.bell)
        self.database = self.store.database
        keys = MongoKeyStore(self.client[settings.keys_database]["keys"], settings.master_key)
        self.vault = Vault(keys)
        self.refs = Refs(settings.identity_key)
        self.catalogue = Catalogue(CHANNEL_TYPES)
        for decider in deciders.values():
            self.catalogue.add(*decider.contracts())
        self.streams = streams_of(self.store, deciders.values(), self.vault)
        self.publisher = Publisher(settings.amqp_url)
        self.relay = self._relay()
        self.timers = Timers(self.database, self.streams, self.leadership("timers"), now)
        self.preparing: dict[str, Preparing] = {}
        self.known_as: KnownAs = alone
        self.checks: dict[str, Callable[[], str | None]] = {"database": reachable(self.client)}
        self.preparations: list[Callable[[], object]] = [
            self.store.prepare,
            self.timers.prepare,
            keys.prepare,
        ]

    def deciding(self, apply: Mapping[str, Apply]) -> Planner:
        """Return the planner of a service whose channel events lead to commands by a table."""
        return Deciding(self.settings.service, self.streams, apply, Telling(self.streams))

    def serve(self, planner: Planner | None, routes: Sequence[Route] = ()) -> Self:
        """Finish the service: channel intake by `planner`, None when no channel reports to it, and its HTTP
        application: its aggregates, its log, and more `routes`.
        """
        name = self.settings.service
        intake = self._hear(planner) if planner else []
        ring, answers = MongoKeyRing(self.database), MongoAnswers(self.database, now)
        self.preparations.append(answers.prepare)
        aggregates = [
            route
            for plural, decider in self.deciders.items()
            for route in (
                *self._lists(plural, decider),
                *self._routes(plural, decider),
            )
        ]
        self.http = App(
            f"Rapport {name}",
            "1",
            [
                *routes,
                *aggregates,
                *self._webhooks(),
                *log_routes(self.store),
                *intake,
                *key_routes(ring, now),
            ],
            Bearer.of(self.settings, ring, now),
            answers=answers,
            checks=self.checks,
            asyncapi=lambda: asyncapi(name, tuple(self.catalogue)),
        )
        return self

    def _hear(self, planner: Planner) -> list[Route]:
        """Take channel events in; what can not be taken goes to the quarantine."""
        name, parts = self.settings.service, (self.store, self.vault)
        self.receive = Receiver(name, *parts, planner, self.catalogue, self.refs, now)
        self.clinic = Clinic(self.database, self.store, self.receive, self.vault, now)
        self.preparations.append(self.clinic.prepare)
        return [ledger_route(name, self.database), *quarantine_routes(self.clinic)]

    def react(
        self, reactions: Mapping[str, React], plan: PlanEvents | None = None, sealed: Collection[str] = ()
    ) -> None:
        """Follow the services whose events have a reaction here; `plan` when no table can say how.

        The sealed values of events of the types in `sealed` are not opened.
        """
        sources = {name: self.log_of(name) for name in sorted({type_.split(".")[1] for type_ in reactions})}
        parts = (self.settings.service, self.store, self.vault, self.streams)
        self.reactor = Reactor(*parts, reactions, sources, now, plan, sealed)
        self.preparations.append(self.reactor.prepare)

    def log_of(self, service: str) -> SourceLog:
        """Return the log of a service, this one's own included."""
        if service == self.settings.service:
            return OwnLog(self.store)
        return HttpLog(service, self.settings.peer(service), self.settings.service_key)

    def prepare(self) -> None:
        """Make what is missing in database and broker. Raises Unavailable, and may then be tried again."""
        self.prepare_storage()
        declare(self.settings.amqp_url, self.queues())

    def prepare_storage(self) -> None:
        """Make what is missing in the database. Raises Unavailable."""
        for preparation in self.preparations:
            preparation()

    def close(self) -> None:
        """End the connections."""
        self.publisher.close()
        self.client.close()

    def _relay(self) -> Relay:
        leadership = self.leadership("relay")
        return Relay(Near(self.store), MongoRelayState(self.database), self.publisher, leadership)

    def leadership(self, name: str) -> Leadership:
        """Return the right to be the one process of this service that does `name`."""
        owner = f"{socket.gethostname()}-{os.getpid()}-{fresh()[:8]}"
        return Leadership(MongoRelayState(self.database), name, owner, now)

    def _routes(self, plural: str, decider: Decider[Any]) -> list[Route]:
        preparing = self.preparing.get(decider.category, Preparing())
        if SetField in decider.commands.values():
            preparing = declaring(preparing, Declared(self.streams, decider.category))
        return aggregate_routes(plural, self.streams[decider.category], self.vault, now, preparing)

    def _lists(self, plural: str, decider: Decider[Any]) -> list[Route]:
        if decider.summary is None:
            return []
        listing = Listing(self.database, decider)
        self.preparations.append(listing.prepare)
        return [list_route(plural, decider, listing, self.known_as)]

    def _webhooks(self) -> list[Route]:
        """Deliver the log to its subscribers: `courier` does, the routes say what came of it."""
        streams, private = self.streams[WEBHOOK], self.settings.webhooks_private
        listing, book = Listing(self.database, streams.decider), Book(self.database)
        secrets, post = Secrets(self.settings.master_key, self.settings.service), Post(private)
        carrier = Carrier(streams, book, self.vault, secrets, post, now)
        self.courier = Courier(streams, listing, carrier, self.leadership("webhooks"), now)
        self.preparations.append(book.prepare)
        return WebhookRoutes(streams, self.catalogue, book, secrets, post, private, now).routes()

    def queues(self) -> list[Queue]:
        """Return the queues of every channel event's owner and of analytics: their events wait for them."""
        owners = {c.owner for c in CHANNEL_TYPES}
        queues = intake_queues("analytics", self.settings.service, self.settings.partitions)
        for owner in sorted(owners):
            queues += channel_queues(owner, self.settings.partitions, types_of(owner))
        return queues


def types_of(owner: str) -> list[str]:
    """Return the channel event types that go to a service: contacts hears all of them."""
    return ["channel.*.*.*"] if owner == "contacts" else [c.type for c in CHANNEL_TYPES if c.owner == owner]


class Ringing(MongoStore):
    """The log of this service; the relay is told of every commit."""

    def __init__(self, client: Any, settings: Settings, bell: Bell) -> None:
        super().__init__(client, settings.database(), settings.service, settings.partitions)
        self._bell = bell

    def commit(self, commits: Any) -> Any:
        """Commit, then ring if there is something to relay."""
        outcomes = super().commit(commits)
        if any(commit.appends for commit in commits):
            self._bell.ring()
        return outcomes
