"""Identities that change while the folds run: the views end as if the final ones had always been known."""

import random

import pytest

from services.analytics.views.customer import CUSTOMER
from shared.project.forest import Forest
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
