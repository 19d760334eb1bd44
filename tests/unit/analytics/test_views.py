"""Views are pure folds: order-free across streams, erasable, with the events behind every section."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.analytics.views.customer import CUSTOMER, RECORDS, SECTIONS
from services.analytics.views.monthly import MONTHLY
from services.analytics.views.search import search_projection
from services.analytics.views.timeline import SENTENCES, describe
from shared.events import Event
from shared.identity import Refs
from shared.project.aliases import Edge, climb, learn, parent_of
from shared.project.entry import Until, concerning
from shared.project.projection import Projection
from shared.testing.projection import ProjectionSpec, shuffled
from tests.company import BEGIN, Company, populate
from tests.eventful import eventful


def history(seed: int) -> list[Event]:
    """Return a company's events, with erasure, returns and reopened opportunities among them."""
    company = Company(seed)
    refs = populate(company, customers=3, rounds=2)
    eventful(company, refs, rounds=2)
    company.write("contacts", "ContactErased", f"contact-{refs[0]}", refs[0], contact_id=refs[0], aliases=[])
    for event in [e for e in company.logs["sales"] if e.type == "OpportunityWon"][:2]:
        number = event.data["opportunity_id"]
        company.write(
            "sales",
            "OpportunityReopened",
            event.stream,
            event.meta.customer,
            opportunity_id=number,
            reason="x",
        )
    return [concerning(event) for event in company.events()]


@pytest.mark.parametrize("projection", [CUSTOMER, RECORDS, *MONTHLY], ids=lambda p: p.name)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_never_shows(projection: Projection, seed: int) -> None:
    """Any interleaving of streams gives the same views, byte for byte."""
    ProjectionSpec(projection, seed).given(*history(seed))


def test_provenance_counts_the_events_of_each_section() -> None:
    """A section's count is the number of events it hears, its last one the latest by business time."""
    events = [e for e in history(1) if e.meta.customer == "c-0001"]
    views = [ProjectionSpec(half).given(*events).then("c-0001") for half in (CUSTOMER, RECORDS)]
    told = {**views[0]["provenance"], **views[1]["provenance"]}
    assert set(told) == set(SECTIONS)
    for name, source in told.items():
        heard = [e for e in events if SECTIONS[name].hears(e)]
        assert source["events"] == len(heard)
        assert source["by"] == max(heard, key=lambda e: (e.occurred_at, e.id)).id


def test_erasure_wins_in_any_order() -> None:
    """Personal sections stay empty whether the values come before or after the erasure."""
    view = ProjectionSpec(CUSTOMER).given(*history(3)).then("c-0000")
    assert view["erased_at"]
    assert "profile" not in view
    assert "contact_points" not in view
    assert view["identity"]["contacts"] == ["c-0000"]


def test_net_is_gross_less_returns_and_cancellations() -> None:
    """Net per currency follows from the three columns, and what is open again is no longer won."""
    for view in (ProjectionSpec(CUSTOMER).given(*history(5)).then(f"c-000{n}") for n in (1, 2)):
        for value in view.get("orders", {}).get("value", {}).values():
            assert value["net"] == value["gross"] - value["returned"] - value["cancelled"]
        won = [d for d in view.get("opportunities", {}).get("closed", {}).values() if d["as"] == "won"]
        assert len(won) == view.get("opportunities", {}).get("won", {}).get("count", 0)


def test_every_event_has_a_sentence() -> None:
    """No sentence shows a sealed value, and an unknown type still gets one."""
    for event in history(1):
        assert describe(event)
        assert "sealed:" not in describe(event)
    company = Company()
    assert describe(company.write("sales", "NeverHeardOf", "s-1")) == "Never heard of"
    heard = {event.type for event in history(1)}
    assert {"QuoteSent", "ConsentGranted", "SurveyResponded", "MessageSent"} <= heard & SENTENCES.keys()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_forest_is_the_same_in_any_order(seed: int) -> None:
    """Edges from different streams may arrive in any order; the parents come out the same."""
    company, chance = Company(seed), random.Random(seed)
    refs = [f"c-{n}" for n in range(5)]
    for _ in range(12):
        survivor, absorbed = chance.sample(refs, 2)
        (company.merge if chance.random() < 0.6 else company.unmerge)(survivor, absorbed)
    straight, other = (parents(events) for events in (company.events(), shuffled(company.events(), chance)))
    assert straight == other
    assert {climb(ref, straight) for ref in refs} <= set(refs)


def parents(events: list[Event]) -> dict[str, str | None]:
    """Return the parent of every child after some merges and unmerges."""
    aliases: dict[str, dict[str, object]] = {}
    for event in events:
        child, parent = event.data["absorbed_id"], event.data["survivor_id"]
        edge = Edge(child, parent, event.type == "ContactsMerged")
        aliases[child] = learn(aliases.get(child), edge, event)
    return {child: alias["parent"] for child, alias in aliases.items()}  # type: ignore[misc]


def test_the_forest_as_it_was() -> None:
    """Both clocks bound the edges too: before the merge there were two customers."""
    company = Company()
    company.write("contacts", "ContactsMerged", "contact-a", "a", at=BEGIN + timedelta(days=2),
                  survivor_id="a", absorbed_id="b")  # fmt: skip
    (event,) = company.events()
    alias = learn(None, Edge("b", "a", on=True), event)
    assert parent_of(alias["history"]) == "a"
    assert parent_of(alias["history"], Until(as_of=BEGIN + timedelta(days=1))) is None
    assert parent_of(alias["history"], Until(known_at=BEGIN - timedelta(days=1))) is None


def test_search_fetches_the_keys_of_a_batch_at_once() -> None:
    """What a batch has sealed is asked for in one go, before anything is opened."""
    company, asked_for = Company(), list[object]()
    linked = {"contact_id": "c-1", "kind": "email", "ref": "c-2"}
    company.write("contacts", "ContactIdentifierLinked", "contact-c-1", value="sealed:c-1:x", **linked)
    company.write("contacts", "ProfileAttributeChanged", "contact-c-1", field="name", to="plain")
    company.write("contacts", "ContactErased", "contact-c-1", contact_id="c-1")
    search = search_projection(lambda *_: None, Refs(b"k" * 32), asked_for.append)
    assert search.prepare is not None
    search.prepare(company.events())
    assert asked_for == [["sealed:c-1:x"]]


def test_an_expired_value_is_in_no_view_whatever_comes_late() -> None:
    """An earlier value that arrives after the expiry does not come back; a later one does."""
    company = Company(seed=1)
    said = {"contact_id": "c-1", "field": "name"}

    def say(event_type: str, day: int, **data: Any) -> None:
        moment = datetime(2026, 1, day, tzinfo=UTC)
        company.write("contacts", event_type, "contact-c-1", "c-1", at=moment, **said, **data)

    say("ProfileAttributeChanged", 1, to="Ada", source="web")
    say("ProfileAttributeExpired", 3)
    say("ProfileAttributeChanged", 2, to="Adda", source="web")
    search = search_projection(lambda *_: None, Refs(b"k" * 32))
    for projection, shown in (
        (CUSTOMER, lambda v: v["profile"]["name"]["value"]),
        (search, lambda v: v["tokens"]),
    ):
        assert not shown(projection.fold(None, company.events()))
    say("ProfileAttributeChanged", 4, to="Ada", source="web")
    assert CUSTOMER.fold(None, company.events())["profile"]["name"]["value"] == "Ada"
