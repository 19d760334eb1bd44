"""The lines of the readable views: the state of an entity as its facts tell it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.analytics.metrics.reader import within
from services.analytics.views.facts import Kind, entity_of, facts_of
from services.analytics.views.facts_contacts import CONSENT
from services.analytics.views.facts_sales import DEAL, ORDER, QUOTE
from services.analytics.views.lines import line, stages
from services.analytics.views.monthly import ADOPTION, CHANNEL_MIX, MONTHLY, SITE
from services.analytics.views.readable import READABLE, Entities
from shared.project.entry import Until
from shared.testing.projection import ProjectionSpec
from tests.company import BEGIN, Company, populate
from tests.eventful import eventful

DAY = timedelta(days=1)
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def entity(kind: Kind, company: Company, until: Until | None = None):
    """Return the one entity of a kind."""
    view = None
    for event in company.events():
        view = facts_of(kind).project(view, event)
    assert view is not None
    return within(entity_of({**view, "_id": company.events()[0].stream}), until or Until())


def deal(company, type_, day, **said):
    """Write to the deal 7."""
    company.write("sales", type_, "opportunity-7", "c-1", at=NOON + day * DAY, opportunity_id="7", **said)


def test_time_in_stage_sums_to_the_age_of_the_deal():
    """Row 54: entries into one stage are added, and all of them together are opening to closing."""
    company = Company()
    deal(company, "OpportunityOpened", 0, stage="talk", owner="ann", pipeline_id="main", probability=10)
    for day, stage in ((2, "offer"), (5, "talk"), (6, "offer")):
        deal(company, "OpportunityStageChanged", day, from_stage="x", to_stage=stage)
    deal(company, "OpportunityWon", 10, amount={"amount": 1, "currency": "GBP"}, owner="ann")
    found = stages(entity(DEAL, company))
    assert found["days"] == {"talk": 3.0, "offer": 7.0, "won": 0.0}
    assert [step["stage"] for step in found["history"]] == ["talk", "offer", "talk", "offer", "won"]


def test_a_line_tells_the_state_as_it_was_known():
    """Two clocks: yesterday the quote was out, today it is accepted; the events that made it are named."""
    company = Company()
    for day, type_, said in (
        (0, "QuoteDrafted", {"revision": 1, "total": {"amount": 5, "currency": "GBP"}}),
        (1, "QuoteSent", {"revision": 1, "valid_until": "2026-05-31"}),
        (3, "QuoteAccepted", {"revision": 1}),
    ):
        company.write("sales", type_, "quote-1", "c-1", at=NOON + day * DAY, quote_id="1", **said)
    book = READABLE["quote_book"]
    assert isinstance(book, Entities)
    before, now = (
        line(entity(QUOTE, company, until), book.say) for until in (Until(NOON + 2 * DAY), Until())
    )
    assert (before["status"], now["status"]) == ("sent", "accepted")
    assert now["events"] == [e.id for e in company.events()]


def test_an_order_tells_what_came_back_and_how_long_it_took():
    """Two days from order to door, three pounds taken back."""
    company, key = Company(), {"order_id": "1"}
    pounds = [{"amount": n, "currency": "GBP"} for n in (1_000, 300)]
    company.write("sales", "OrderPlaced", "order-1", "c-1", at=NOON, total=pounds[0], lines=[], **key)
    company.write("sales", "OrderDelivered", "order-1", "c-1", at=NOON + 2 * DAY, **key)
    company.write(
        "sales", "OrderReturned", "order-1", "c-1", at=NOON + 4 * DAY, value=pounds[1], lines=[], **key
    )
    view = READABLE["orders"]
    assert isinstance(view, Entities)
    found = line(entity(ORDER, company), view.say)
    assert (found["status"], found["taken_back"], found["days_to_deliver"]) == ("returned", 300, 2.0)


def test_c5_the_ledger_keeps_every_statement():
    """C-5: none is ever left out, whichever counts."""
    company = Company()
    for day, type_ in ((3, "ConsentWithdrawn"), (1, "ConsentGranted")):
        company.write("contacts", type_, "contact-1", "c-1", at=NOON + day * DAY, purpose="news")
    view = READABLE["consent_ledger"]
    assert isinstance(view, Entities)
    assert [e["granted"] for e in line(entity(CONSENT, company), view.say)["entries"]] == [True, False]


@pytest.mark.parametrize("projection", MONTHLY, ids=lambda p: p.name)
def test_the_order_never_shows_in_the_tables_by_period(projection):
    """Counts are counts, in whatever order the events come."""
    company = Company(3)
    eventful(company, populate(company, customers=3, rounds=1))
    ProjectionSpec(projection).given(*company.events())


def test_the_channel_mix_counts_contacts_and_no_notes():
    """A note of the staff is no contact; two page views are."""
    company = Company()
    for number, direction in enumerate(("in", "in", "none")):
        company.write("contacts", "InteractionRecorded", f"interaction-{number}", "c-1", at=NOON,
                      kind="page_view", direction=direction)  # fmt: skip
    found = ProjectionSpec(CHANNEL_MIX).given(*company.events()).then("2026-05|web|page_view")
    assert found == {"period": "2026-05", "channel": "web", "kind": "page_view", "contacts": 2}


def test_row_87_the_web_shop_tells_how_quick_it_is_and_what_it_sells():
    """Two of four views were timed, one of them slow; the order in a store is none of the web shop's."""
    company = Company()
    for number, load_ms in enumerate((800, 3_000, None, None)):
        company.write("contacts", "InteractionRecorded", f"interaction-{number}", "c-1", at=NOON,
                      kind="page_view", direction="in", load_ms=load_ms)  # fmt: skip
    for channel in ("web", "store"):
        company.write("sales", "OrderPlaced", f"order-{channel}", "c-1", at=NOON, channel=channel)
    found = ProjectionSpec(SITE).given(*company.events()).then("2026-05|web")
    assert (found["views"], found["timed"], found["slow"], found["mean_load_ms"]) == (4, 2, 1, 1_900)
    assert (found["orders"], found["orders_per_1000_views"]) == (1, 250)


def test_adoption_tells_what_was_captured_by_itself():
    """Row 34: everything here came from channels, nobody typed it."""
    company = Company()
    populate(company, customers=2, rounds=1)
    spec = ProjectionSpec(ADOPTION).given(*company.events())
    year, week, _ = BEGIN.isocalendar()
    assert spec.then(f"{year}-W{week:02}")["users"] == {}
