"""Views do not depend on the order of arrival: one history, any delivery, one digest for every projection."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from services.analytics.views import Secrets, projections
from services.analytics.views.monthly import DATA_QUALITY
from shared.identity import Refs
from shared.privacy import MemoryKeyStore, Vault
from shared.project.digest import digest
from shared.project.forest import Forest
from shared.project.intake import Intake
from shared.project.journal import Journal
from shared.project.pointer import pointer, prepare_projection
from shared.project.projection import Projection
from shared.project.rebuild import Rebuild
from shared.project.runner import Runner
from shared.project.target import Target
from shared.project.transact import open_database
from shared.store.client import connect
from tests.company import Company, OpenLog, deliveries, populate

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]
ALL = projections(Secrets(Vault(MemoryKeyStore()), Refs(b"k" * 32)))
SLOW = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, *HealthCheck]
)


class Analytics:
    """Journal, intake and folds over a database of their own."""

    def __init__(self, client: MongoClient[dict[str, Any]], company: Company) -> None:
        self.database = open_database(client, f"disorder_{uuid4().hex[:12]}")
        self.journal, self.company = Journal(self.database), company
        self.journal.prepare()
        self.runners = {p.name: self._runner(p) for p in ALL}

    def _runner(self, projection: Projection) -> Runner:
        live = prepare_projection(self.database, projection, self.journal.head())
        return Runner(projection, self.journal, Target(self.database, live.collection))

    def intake(self) -> Intake:
        """An intake as after a restart."""
        return Intake(self.journal, {name: OpenLog(log) for name, log in self.company.logs.items()})

    def fold(self) -> None:
        """Fold what is in the journal, until caught up."""
        for runner in self.runners.values():
            while runner.step():
                pass

    def digests(self) -> dict[str, str]:
        """The digest of every projection."""
        self.fold()
        return {p.name: digest(self.database[pointer(self.database, p.name).collection])[0] for p in ALL}

    def rebuilt(self) -> dict[str, str]:
        """The digests after all projections were folded anew."""
        for projection in ALL:
            rebuild = Rebuild(self.journal, projection)
            rebuild.run(rebuild.begin().collection, self.runners[projection.name], grace=0)
            self.runners[projection.name] = self._runner(projection)
        return self.digests()

    def straight(self) -> "Analytics":
        """Read every log from its beginning, one after the other."""
        for source in self.company.logs:
            self.intake().audit(source)
        return self

    def disordered(self, seed: int) -> "Analytics":
        """Deliver in random batches with repeats, losses, folds in between and restarts."""
        chance, intake = self.company.random, self.intake()
        for source, partition, events in deliveries(self.company, seed):
            kept = [e for e in events if chance.random() > 0.15]
            if kept:
                intake.receive(source, partition, kept)
            if chance.random() < 0.2:
                self.fold()
            if chance.random() < 0.1:
                intake = self.intake()
        return self.straight()


Open = Callable[[Company], Analytics]


@pytest.fixture
def analytics(mongodb_url: str) -> Iterator[Open]:
    """Opens empty analytics for a company."""
    names: list[str] = []
    with connect(mongodb_url) as client:

        def opened(company: Company) -> Analytics:
            found = Analytics(client, company)
            names.append(found.database.name)
            return found

        yield opened
        for name in names:
            client.drop_database(name)


def company_of(seed: int, *, merges: bool = True) -> Company:
    """A company whose contacts were merged, unmerged and erased."""
    company = Company(seed)
    refs = populate(company, customers=5, rounds=2)
    if merges:
        company.merge(refs[0], refs[1])
        company.merge(refs[2], refs[3])
        company.unmerge(refs[2], refs[3])
        company.merge(refs[3], refs[4])
    erased = refs[1]
    company.write("contacts", "ContactErased", f"contact-{erased}", erased, contact_id=erased, aliases=[])
    return company


@SLOW
@given(seed=st.integers(0, 10_000), delivery=st.integers(0, 10_000))
def test_any_delivery_gives_one_digest(analytics: Open, seed: int, delivery: int) -> None:
    """Shuffled across partitions, repeated, lossy, folded at any moment, rebuilt: every projection agrees."""
    straight = analytics(company_of(seed)).straight().digests()
    disordered = analytics(company_of(seed)).disordered(delivery)
    assert disordered.digests() == straight
    assert disordered.rebuilt() == straight


@SLOW
@given(seed=st.integers(0, 10_000), delivery=st.integers(0, 10_000))
def test_merged_and_unmerged_equals_never_merged(analytics: Open, seed: int, delivery: int) -> None:
    """After unmerging, every customer is who they were before; only that it was done stays counted."""
    never = analytics(company_of(seed, merges=False)).straight()
    undone = company_of(seed, merges=False)
    refs = [f"c-{n:04d}" for n in range(5)]
    undone.merge(refs[0], refs[1])
    undone.merge(refs[0], refs[2])
    undone.unmerge(refs[0], refs[1])
    undone.unmerge(refs[0], refs[2])
    after = analytics(undone).disordered(delivery)
    assert {**after.digests(), DATA_QUALITY.name: ""} == {**never.digests(), DATA_QUALITY.name: ""}
    forest = Forest(after.database)
    assert {ref: forest.root(ref) for ref in refs} == {ref: ref for ref in refs}
