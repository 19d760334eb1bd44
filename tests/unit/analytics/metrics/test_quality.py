"""Worked checks of the metrics of data quality."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from services.analytics.metrics.drill import behind
from services.analytics.metrics.engine import Measured
from services.analytics.metrics.metric import Figure
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader
from shared.errors import Invalid
from shared.events import Event
from shared.project.entry import Until
from tests.company import BEGIN, Company
from tests.unit.analytics.metrics.folded import Folded, ask

DAY = timedelta(days=1)
MONTH = Window(BEGIN, BEGIN + 31 * DAY)


class Office:
    """Writes what is known of contacts into a company's log."""

    def __init__(self) -> None:
        self.company = Company()

    def contact(self, ref: str, *fields: str, kind: str = "known", source: str = "web") -> None:
        """Register a contact and learn these attributes."""
        self.write("ContactRegistered", ref, BEGIN, kind=kind, source=source)
        for field in fields:
            self.write("ProfileAttributeChanged", ref, BEGIN + DAY, field=field, to="sealed:x", source=source)

    def merge(self, survivor: str, absorbed: str, at: datetime) -> None:
        """Let a contact go on as another."""
        self.write("ContactsMerged", survivor, at, survivor_id=survivor, absorbed_id=absorbed)
        self.write("ContactAbsorbed", absorbed, at, into=survivor)

    def write(self, event_type: str, ref: str, at: datetime, **data: Any) -> None:
        """Say something about a contact."""
        self.company.write(
            "contacts", event_type, f"contact-{ref}", ref, at=at, said={"contact_id": ref, **data}
        )

    def imported(self, number: str, rejected: int, **counts: int) -> None:
        """Apply an import of these rows."""
        taken = {"created": 0, "changed": 0, "unchanged": 0, **counts}
        self.company.write("contacts", "ImportStarted", f"import-{number}", at=BEGIN, mapping=f"m-{number}")
        self.company.write(
            "contacts", "ImportApplied", f"import-{number}", at=BEGIN + DAY, rejected=rejected, **taken
        )

    def ask(self, metric: str, **how: Any) -> Figure:
        """Return the figure of the month."""
        return self.measured(metric, **how).figure

    def measured(self, metric: str, **how: Any) -> Measured:
        """Return the measurement of the month."""
        return ask(self.events, metric, Question(MONTH, **how))

    @property
    def events(self) -> Sequence[Event]:
        """Everything said."""
        return self.company.events()


@pytest.fixture
def office() -> Office:
    """Return an office that knows nobody."""
    return Office()


def test_completeness_is_what_is_filled_of_what_is_wanted(office):
    """Three people, two attributes wanted, four of six filled."""
    office.contact("a", "name", "country")
    office.contact("b", "name")
    office.contact("c", "name", "birth_date")
    found = office.ask("profile_completeness")
    assert (found.numerator, found.denominator, found.n) == (4, 6, 3)
    assert found.detail == {"name": 1, "country": Fraction(1, 3)}
    born = office.ask("profile_completeness", parameters={"fields": "birth_date"})
    assert born.value == Fraction(1, 3)


def test_completeness_is_of_the_living_and_known(office):
    """Visitors, archived and erased people are nobody to complete; who became known is."""
    office.contact("a", "name", "country")
    office.contact("visitor", kind="anonymous")
    office.contact("found", kind="anonymous")
    office.write("ContactIdentified", "found", BEGIN + DAY)
    for ref, ending in (("gone", "ContactErased"), ("away", "ContactArchived"), ("back", "ContactArchived")):
        office.contact(ref, "name")
        office.write(ending, ref, BEGIN + 2 * DAY)
    office.write("ContactUnarchived", "back", BEGIN + 3 * DAY)
    found = office.ask("profile_completeness")
    assert (found.numerator, found.denominator, found.n) == (3, 6, 3)


def test_merged_contacts_are_one_profile_from_the_moment_of_the_merge(office):
    """What either knew is known; before the merge they were two."""
    office.contact("a", "name")
    office.contact("b", "country")
    office.merge("a", "b", BEGIN + 5 * DAY)
    assert office.ask("profile_completeness").value == 1
    before = Until(BEGIN + 4 * DAY)
    assert office.ask("profile_completeness", until=before).value == Fraction(1, 2)


def test_a_value_that_expired_or_was_cleared_is_not_filled(office):
    """The last word about an attribute counts."""
    office.contact("a", "name", "country")
    office.write("ProfileAttributeExpired", "a", BEGIN + 3 * DAY, field="name")
    office.write("ProfileAttributeChanged", "a", BEGIN + 3 * DAY, field="country", to="", source="web")
    assert office.ask("profile_completeness").numerator == 0
    assert office.ask("profile_completeness", until=Until(BEGIN + 2 * DAY)).numerator == 2


def test_no_wanted_attribute_is_refused_by_name(office):
    """An empty list would make a share of nothing."""
    with pytest.raises(Invalid, match="fields"):
        office.ask("profile_completeness", parameters={"fields": " , "})


def test_the_duplicate_share_is_of_those_registered_and_falls_when_they_part(office):
    """One of four is absorbed; parted again, none."""
    for ref, source in zip("abcd", ("web", "web", "shop", "shop"), strict=True):
        office.contact(ref, source=source)
    office.merge("a", "d", BEGIN + 5 * DAY)
    by_source = office.measured("duplicate_share", by="source")
    assert (by_source.figure.numerator, by_source.figure.denominator) == (1, 4)
    assert {p.label: p.figure.value for p in by_source.points} == {"shop": Fraction(1, 2), "web": 0}
    office.write("ContactRestored", "d", BEGIN + 9 * DAY, from_id="a")
    assert office.ask("duplicate_share").value == 0


def test_refused_rows_are_of_all_rows_and_can_be_split_by_mapping(office):
    """5 of 100 and 0 of 10: 5 / 110."""
    office.imported("crm", 5, created=60, changed=30, unchanged=5)
    office.imported("shop", 0, created=10)
    found = office.measured("refused_rows", by="mapping")
    assert (found.figure.numerator, found.figure.denominator) == (5, 110)
    assert {p.label: p.figure.value for p in found.points} == {"m-crm": Fraction(1, 20), "m-shop": 0}


def test_silence_is_from_the_last_contact_of_a_channel(office):
    """Split by channel, a channel that went dead stands out."""
    for number, (channel, hours) in enumerate({"phone": 3, "email": 48}.items()):
        office.company.write(
            "contacts", "InteractionRecorded", f"interaction-{number}", "a", channel=channel,
            at=MONTH.to - timedelta(hours=hours), interaction_id=str(number), kind="call", direction="in",
        )  # fmt: skip
    found = office.measured("silence", by="channel")
    assert found.figure.value == 3
    assert {p.label: p.figure.value for p in found.points} == {"phone": 3, "email": 48}


def test_the_events_behind_a_completeness_are_those_of_the_live_contacts(office):
    """Every attribute leads to the event that told it."""
    office.contact("a", "name")
    office.contact("b", kind="anonymous")
    reader = Reader(Folded(office.events))
    metric = office.measured("profile_completeness").metric
    found = behind(metric, Question(MONTH), reader, None, 10)
    assert [fact.type for _, _, fact in found] == ["ContactRegistered", "ProfileAttributeChanged"]
    assert all("sealed" not in str(fact.data) for _, _, fact in found)
