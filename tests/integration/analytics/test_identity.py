"""Identities that change while the folds run: the views end as if the final ones had always been known."""

import random
from dataclasses import replace

import pytest

from services.analytics.views.customer import CUSTOMER
from shared.events import Event
from shared.project.forest import Forest
from shared.project.journal import Journal
from shared.project.rebuild import Rebuild
from tests.company import Company, deliveries
from tests.integration.analytics.conftest import Desk

pytestmark = pytest.mark.integration


def lively(seed: int) -> Company:
    """Return a company whose contacts are found, linked, merged and parted while they are busy."""
    company, merged = Company(seed), dict[str, str]()
    chance = random.Random(seed)
    refs = [f"c-{n}" for n in range(5)]
    for ref in refs:
        company.busy(f"{ref}-mail")
        company.contact(ref, f"{ref}-mail", f"{ref}-phone")
    for _ in range(10):
        roots = [ref for ref in refs if ref not in merged]
        company.busy(chance.choice(refs) + chance.choice(["", "-mail", "-phone"]))
        if merged and chance.random() < 0.4:
            absorbed = chance.choice(sorted(merged))
            company.unmerge(merged.pop(absorbed), absorbed)
        elif len(roots) > 1:
            survivor, absorbed = chance.sample(roots, 2)
            merged[absorbed] = survivor
            company.merge(survivor, absorbed)
    return company


@pytest.mark.parametrize("seed", range(6))
def test_live_folds_follow_changing_identities(desk: Desk, seed: int) -> None:
    """A live runner, at times behind and at times in step, ends at the digest of a rebuild."""
    desk.company = lively(seed)
    chance = random.Random(seed)
    runner, intake = desk.runner(), desk.intake()
    for source, partition, events in deliveries(desk.company, seed):
        intake.receive(source, partition, events)
        for _ in range(chance.randint(0, 3)):
            runner.step(chance.randint(1, 15))
    while runner.step(5):
        pass
    live = desk.digest()
    roots = Forest(desk.database).roots(e.meta.customer for e in desk.company.events() if e.meta.customer)
    assert set(desk.views()) == set(roots.values())
    rebuild = Rebuild(desk.journal, CUSTOMER)
    rebuild.run(rebuild.begin().collection, runner, grace=0)
    assert desk.digest() == live


def never_merged(company: Company, moved: set[str], to: str) -> Company:
    """Return the company as if the two had never been merged and the moved events had named the other one."""
    told = Company(company.seed)
    for service, events in company.logs.items():
        told.logs[service] = [as_never_merged(event, moved, to) for event in events]
    return told


def as_never_merged(event: Event, moved: set[str], to: str) -> Event:
    """Return the event with its true customer, and merges as something nobody hears of."""
    kind = "Nothing" if event.type in ("ContactsMerged", "ContactsUnmerged") else event.type
    customer = to if event.id in moved else event.meta.customer
    return replace(event, type=kind, meta=replace(event.meta, customer=customer))


@pytest.mark.parametrize("seed", range(3))
def test_c3_moved_events_count_for_the_restored_contact(desk: Desk, seed: int) -> None:
    """Merged, bought again, parted: as if never merged, plus the moved events; live and rebuilt.

    Events that are moved may reach the journal before or after the parting that says so.
    """
    company = Company(seed)
    for ref in ("c-1", "c-2"):
        company.contact(ref, f"{ref}-mail")
        company.busy(ref)
    company.merge("c-1", "c-2")
    company.busy("c-1")
    company.busy("c-2-mail")
    moved = [e for e in company.logs["sales"] if e.meta.customer == "c-1" and e.type == "OrderPlaced"][-1:]
    company.unmerge("c-1", "c-2", *moved)
    company.busy("c-1")
    ids = {e.id for e in moved}
    desk.company = company
    runner, intake, chance = desk.runner(), desk.intake(), random.Random(seed)
    for source, partition, events in deliveries(company, seed):
        intake.receive(source, partition, events)
        runner.step(chance.randint(1, 9))
    while runner.step(5):
        pass
    live = desk.digest()
    rebuild = Rebuild(desk.journal, CUSTOMER)
    rebuild.run(rebuild.begin().collection, runner, grace=0)
    assert desk.digest() == live
    assert desk.views()["c-2"]["orders"]["count"] == 3
    desk.database.client.drop_database(desk.database.name)
    desk.journal = Journal(desk.database)
    desk.journal.prepare()
    desk.company = never_merged(company, ids, "c-2")
    desk.deliver(seed)
    assert desk.fold() == live
