"""A history for analytics: what a seeded company's four services have written, as batches of partitions."""

from collections.abc import Iterator
from itertools import zip_longest

from pymongo.database import Database

from services.analytics.views.customer import CUSTOMER
from shared.events import Event
from shared.project.entry import Document
from shared.project.intake import Intake
from shared.project.journal import Journal
from shared.project.pointer import prepare_projection
from tests.company import Company

BATCH = 500
PER_CUSTOMER = 20  # events, about


def company(events: int, seed: int) -> Company:
    """Return a company with about so many events, of a number of customers that grows with them."""
    made, refs = Company(seed), [f"c-{n:06d}" for n in range(max(events // PER_CUSTOMER, 1))]
    for ref in refs:
        made.contact(ref)
    while sum(map(len, made.logs.values())) < events:
        made.busy(made.random.choice(refs))
    return made


def batches(made: Company) -> Iterator[tuple[str, int, list[Event]]]:
    """Yield the partitions of all sources in turns, up to 500 events at a time."""
    queues = [
        [(*part, events[at : at + BATCH]) for at in range(0, len(events), BATCH)]
        for part, events in made.partitions().items()
    ]
    for turn in zip_longest(*queues):
        yield from (batch for batch in turn if batch)


def journaled(database: Database[Document], made: Company) -> Journal:
    """Return a journal that holds the company's events, and an empty customer view beside it."""
    journal = Journal(database)
    journal.prepare()
    prepare_projection(database, CUSTOMER, 0)
    intake = Intake(journal, {})
    for batch in batches(made):
        intake.receive(*batch)
    return journal
