"""A small seeded company: events of four services, each with its log, in any order of delivery."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.events import Event, Meta
from shared.events.ids import derived, partition_of

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PARTITIONS = 2


@dataclass
class Company:
    """Writes events into logs as the services would: positions, versions and chains are theirs."""

    seed: int = 1
    logs: dict[str, list[Event]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def write(
        self,
        service: str,
        event_type: str,
        stream: str,
        customer: str | None = None,
        /,
        *,
        channel: str = "web",
        at: datetime | None = None,
        said: Mapping[str, Any] | None = None,
        **data: Any,
    ) -> Event:
        """Append an event to a service's log; `said` holds fields of these names too."""
        log = self.logs.setdefault(service, [])
        partition = partition_of(stream, PARTITIONS)
        previous = next((e.position for e in reversed(log) if e.partition == partition), 0)
        version = self.versions[stream] = self.versions.get(stream, 0) + 1
        moment = at or BEGIN + timedelta(minutes=self.random.randrange(200_000))
        event = Event(
            derived(str(self.seed), stream, str(version)), service, stream, version, len(log) + 1, partition,
            previous, event_type, 1, {**data, **(said or {})}, moment,
            BEGIN + timedelta(minutes=len(log)),
            Meta(derived("command", stream, str(version)), "c", channel=channel, customer=customer),
        )  # fmt: skip
        log.append(event)
        return event

    def contact(self, ref: str, *identifiers: str) -> None:
        """Register a contact and link identifiers to it."""
        stream = f"contact-{ref}"
        self.write("contacts", "ContactRegistered", stream, ref, contact_id=ref, kind="known", source="web")
        for identifier in (ref, *identifiers):
            self.write(
                "contacts",
                "ContactIdentifierLinked",
                stream,
                ref,
                contact_id=ref,
                kind="email",
                ref=identifier,
                value=f"sealed:{ref}:x",
                strength="strong",
            )
        self.write(
            "contacts",
            "ProfileAttributeChanged",
            stream,
            ref,
            contact_id=ref,
            field="name",
            to=f"sealed:{ref}:n{self.random.random()}",
            source="web",
        )

    def busy(self, ref: str) -> None:
        """Let a customer do a bit of everything."""
        number = f"{ref}-{self.random.randrange(10**9)}"
        money = {"amount": self.random.randrange(1, 9_000), "currency": self.random.choice(["GBP", "EUR"])}
        self.write(
            "contacts",
            "InteractionRecorded",
            f"interaction-{number}",
            ref,
            interaction_id=number,
            kind="page_view",
            direction="in",
            channel=self.random.choice(["web", "email", "store"]),
        )
        self.write(
            "sales",
            "OrderPlaced",
            f"order-{number}",
            ref,
            order_id=number,
            order_no=number,
            lines=[],
            total=money,
            country="France",
        )
        if self.random.random() < 0.4:
            self.write(
                "sales",
                "OrderReturned",
                f"order-{number}",
                ref,
                order_id=number,
                return_no="r",
                lines=[],
                value=money,
                blind=False,
                country="France",
            )
        self.write(
            "support",
            "TicketOpened",
            f"ticket-{number}",
            ref,
            ticket_id=number,
            ticket_no=number,
            subject="sealed:x:y",
            origin="reactive",
            priority="high",
        )
        if self.random.random() < 0.5:
            self.write("support", "TicketClosed", f"ticket-{number}", ref, ticket_id=number)
        self.write(
            "campaigns",
            "ContactAttempted",
            f"touch-{number}",
            ref,
            channel="call_center",
            campaign_id="spring",
            touch_id=number,
            medium="cellular",
            attempts=2,
        )
        self.opportunity(number, ref)

    def opportunity(self, number: str, ref: str) -> None:
        """Open an opportunity and close some."""
        stream, owner = f"opportunity-{number}", self.random.choice(["ann", "bob"])
        money = {"amount": self.random.randrange(1, 9_000), "currency": "USD"}
        self.write(
            "sales",
            "OpportunityOpened",
            stream,
            ref,
            opportunity_id=number,
            pipeline_id="main",
            stage="Engaging",
            amount=money,
            probability=40,
            owner=owner,
        )
        if self.random.random() < 0.6:
            self.write(
                "sales",
                "OpportunityWon",
                stream,
                ref,
                opportunity_id=number,
                amount=money,
                owner=owner,
                opened_at="2026-01-01T00:00:00Z",
            )

    def merge(self, survivor: str, absorbed: str) -> None:
        """Merge two contacts."""
        self.write(
            "contacts",
            "ContactsMerged",
            f"contact-{survivor}",
            survivor,
            survivor_id=survivor,
            absorbed_id=absorbed,
            rule="r",
            evidence=[],
        )

    def unmerge(self, survivor: str, absorbed: str, *moved: Event) -> None:
        """Undo a merge; moved events go with the contact that is restored."""
        self.write(
            "contacts",
            "ContactsUnmerged",
            f"contact-{survivor}",
            survivor,
            survivor_id=survivor,
            absorbed_id=absorbed,
            merge_event_id="m",
            moved_event_ids=[event.id for event in moved],
        )

    def events(self) -> list[Event]:
        """Return all events, service after service."""
        return [event for log in self.logs.values() for event in log]

    def partitions(self) -> dict[tuple[str, int], list[Event]]:
        """Return the events of every partition, in order."""
        parts: dict[tuple[str, int], list[Event]] = {}
        for event in self.events():
            parts.setdefault((event.service, event.partition), []).append(event)
        return parts


def deliveries(company: Company, seed: int, repeats: float = 0.3) -> Iterator[tuple[str, int, list[Event]]]:
    """Yield batches of partitions, interleaved at random, some of them delivered again."""
    chance = random.Random(seed)
    left = {part: list(events) for part, events in company.partitions().items()}
    done: dict[tuple[str, int], list[Event]] = {part: [] for part in left}
    while left:
        part = chance.choice(sorted(left))
        size = chance.randint(1, 12)
        batch, left[part] = left[part][:size], left[part][size:]
        again = done[part][-chance.randint(1, 8) :] if chance.random() < repeats else []
        done[part] += batch
        yield (*part, again + batch)
        if not left[part]:
            del left[part]


class OpenLog:
    """A source's log without a network."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events = list(events)

    def read(self, after: int, limit: int, partition: int) -> list[Event]:
        """Return events of a partition after a position."""
        return [e for e in self.events if e.partition == partition and e.position > after][:limit]

    def head(self) -> Any:
        """Return the end of the log."""
        from shared.consume.source_log import SourceHead

        tails = [
            max((e.position for e in self.events if e.partition == p), default=0) for p in range(PARTITIONS)
        ]
        return SourceHead(len(self.events), tuple(tails))


def populate(company: Company, customers: int = 6, rounds: int = 3) -> list[str]:
    """Fill a company; return the refs of its customers."""
    refs = [f"c-{n:04d}" for n in range(customers)]
    for ref in refs:
        company.contact(ref, f"{ref}-mail")
    for _ in range(rounds):
        for ref in refs:
            company.busy(company.random.choice([ref, f"{ref}-mail"]))
    return refs
