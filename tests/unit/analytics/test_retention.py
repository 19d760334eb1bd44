"""What is kept as long as it may be is closed by the clock on the wall, whatever moment is asked about."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.analytics.exports.customers import personal
from services.analytics.persons import Persons
from services.analytics.segments.assessing import opened
from services.analytics.segments.knowing import known_of
from services.analytics.segments.rating import Yardstick
from services.analytics.views.customer import CUSTOMER
from services.analytics.views.reminders import BIRTHDAY, reminders_projection, tokens_on
from services.analytics.views.traits import TRAITS
from shared.events import Event
from shared.events.clock import rfc3339
from shared.http.auth import Principal
from shared.identity import Refs
from shared.privacy import MemoryKeyStore, Vault
from shared.project.projection import Projection
from shared.testing.projection import ProjectionSpec
from tests.company import BEGIN, Company

DAY = timedelta(days=1)
END = BEGIN + 30 * DAY
READER = Principal("1", "auditor", frozenset({"customers:read", "pii:read"}))
VAULT = Vault(MemoryKeyStore())
REFS = Refs(b"k" * 32)
BORN = date(1985, 5, 3)
CASES = [(END - DAY, BORN.isoformat()), (END, None)]


@pytest.fixture
def told() -> list[Event]:
    """A date of birth, sealed and kept for thirty days, and the end of them."""
    company, stream = Company(), "contact-ada"
    sealed = VAULT.seal("ada", stream, {"to": BORN.isoformat()}, ["to"])["to"]
    company.write("contacts", "ProfileAttributeChanged", stream, "ada", at=BEGIN, contact_id="ada",
                  field="birth_date", to=sealed, source="web", keep_until=rfc3339(END))  # fmt: skip
    company.write("contacts", "ProfileAttributeExpired", stream, "ada", at=END, contact_id="ada",
                  field="birth_date")  # fmt: skip
    return company.events()


def as_of(projection: Projection, events: list[Event], moment: datetime) -> Any:
    """Return the view as it was at a moment."""
    return ProjectionSpec(projection).given(*(e for e in events if e.occurred_at <= moment)).then("ada")


@pytest.mark.parametrize(("now", "shown"), CASES)
def test_the_customer_as_of_then_is_told_what_may_be_told_now(
    told: list[Event], now: datetime, shown: str | None
) -> None:
    """Neither the value nor the birthday that follows from it."""
    view = {**as_of(CUSTOMER, told, BEGIN), "_id": "ada"}
    answer = Persons(VAULT, lambda: now).shown(view, READER, BEGIN)
    assert answer["profile"].get("birth_date", {}).get("value") == shown
    assert bool(answer["dates"]) == bool(shown)


@pytest.mark.parametrize(("now", "shown"), CASES)
def test_an_export_leaves_out_what_is_over(told: list[Event], now: datetime, shown: str | None) -> None:
    """Whether or not its timer has run."""
    row = personal(VAULT, lambda: now)({**as_of(CUSTOMER, told, BEGIN), "_id": "ada"})
    assert row["birth_date"] == shown


@pytest.mark.parametrize(("now", "shown"), CASES)
def test_a_rule_knows_nothing_of_what_is_over(told: list[Event], now: datetime, shown: str | None) -> None:
    """Of the past neither, nor once the end of it was heard."""
    fact = "demographics.birth_date"
    for moment in (BEGIN, now):
        traits = as_of(TRAITS, told, moment)
        (profile,) = opened(VAULT, [traits], frozenset({"birth_date"}), now)
        known = known_of(traits, profile, Yardstick())
        assert known.facts.signal(fact).value(BEGIN.toordinal()) == shown


def test_a_rule_forgets_a_value_that_expired_by_its_event(told: list[Event]) -> None:
    """Even where nobody said how long it is kept."""
    (profile,) = opened(VAULT, [as_of(TRAITS, told, END)], frozenset({"birth_date"}), BEGIN)
    assert profile == {}


def test_nobody_is_reminded_of_a_birthday_that_is_kept_no_more(told: list[Event]) -> None:
    """The day is found before the end of retention and not after it."""
    projection = reminders_projection(VAULT.open, REFS, VAULT.fetch)
    due = set(tokens_on(REFS, (BIRTHDAY,), BORN.replace(year=2026)))
    assert due & set(as_of(projection, told, END - DAY)["days"])
    assert as_of(projection, told, END)["days"] == []
