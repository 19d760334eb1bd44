"""The due list of days to remember: found by the day, hashed, gone with an erasure."""

from datetime import UTC, date, datetime

from services.analytics.views.reminders import ANNIVERSARY, BIRTHDAY, reminders_projection, tokens_on
from shared.identity import Refs
from shared.testing.projection import ProjectionSpec
from tests.company import Company

REFS = Refs(b"k" * 32)
KINDS = (BIRTHDAY, ANNIVERSARY)


def folded(*events):
    """Return what is kept of Ada, with texts that open to what is written in them."""
    projection = reminders_projection(lambda value, *_: value.rpartition(":")[2], REFS)
    return ProjectionSpec(projection).given(*events).then("c-ada")


def learned(company, field="birth_date", to="sealed:c-ada:1985-05-03", stream="contact-a"):
    """Write what was learned of Ada."""
    company.write("contacts", "ProfileAttributeChanged", stream, "c-ada", field=field, to=to)


def test_row_96_a_birthday_and_an_anniversary_are_due_on_their_day():
    """On 3 May, in any year, and on no other day; the date itself is not kept."""
    company = Company()
    learned(company)
    learned(company, field="name", to="sealed:c-ada:Ada")
    company.write("sales", "OrderPlaced", "order-1", "c-ada", at=datetime(2024, 5, 3, 9, 0, tzinfo=UTC))
    view = folded(*company.events())
    due = tokens_on(REFS, KINDS, date(2027, 5, 3))
    assert sorted(due[t] for t in view["days"]) == sorted(KINDS)
    assert not set(view["days"]) & set(tokens_on(REFS, KINDS, date(2027, 5, 4)))
    assert "05-03" not in view["birthday"]["token"]


def test_an_erasure_takes_the_birthday_in_any_order():
    """A-3: what is learned before or after the erasure is gone; the anniversary names nobody."""
    company = Company()
    learned(company)
    company.write("contacts", "ContactErased", "contact-b", "c-ada", contact_id="c-ada")
    company.write("sales", "OrderPlaced", "order-1", "c-ada", at=datetime(2024, 5, 3, 9, 0, tzinfo=UTC))
    view = folded(*company.events())
    assert "birthday" not in view
    assert view["days"] == [f"{ANNIVERSARY}:05-03"]


def test_who_was_born_on_a_leap_day_is_remembered_every_year():
    """On 28 February in other years, on the day itself in leap years."""
    company = Company()
    learned(company, to="sealed:c-ada:2000-02-29")
    (kept,) = folded(*company.events())["days"]
    assert kept in tokens_on(REFS, KINDS, date(2027, 2, 28))
    assert kept in tokens_on(REFS, KINDS, date(2028, 2, 29))
    assert kept not in tokens_on(REFS, KINDS, date(2028, 2, 28))
