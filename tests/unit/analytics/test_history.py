"""One thing as its events told it."""

from typing import Any

import pytest

from services.analytics.api.history import folded
from tests.company import Company

Said = tuple[str, dict[str, Any]]


@pytest.mark.parametrize(
    ("events", "field", "value"),
    [
        ([("OpportunityOpened", {"stage": "talk"}),
          ("OpportunityStageChanged", {"from_stage": "talk", "to_stage": "offer"})], "stage", "offer"),
        ([("OpportunityOpened", {"probability": 10}),
          ("ProbabilityOverridden", {"probability_from": 10, "probability_to": 40})], "probability", 40),
        ([("OpportunityOpened", {"expected_close_on": "2026-03-01"}),
          ("ExpectedCloseChanged", {"to_date": "2026-04-01"})], "expected_close_on", "2026-04-01"),
        ([("QuoteSent", {"valid_until": "2026-03-01"}),
          ("QuoteValidityExtended", {"from_date": "2026-03-01", "to_date": "2026-04-01"})],
         "valid_until", "2026-04-01"),
        ([("TicketOpened", {"ticket_id": "1"}),
          ("MessageForwarded", {"ticket_id": "1", "to_ticket_id": "2"})], "ticket_id", "1"),
        ([("OrganizationRoleGiven", {"valid_from": "2026-03-01"})], "valid_from", "2026-03-01"),
    ],
)  # fmt: skip
def test_a_field_has_the_value_that_was_said_last(events: list[Said], field: str, value: Any) -> None:
    """However an event names what is new, it is the field's value, and what was before is none of its own."""
    company = Company()
    told = folded([company.write("sales", type_, "thing-1", "c-1", **said) for type_, said in events])
    assert told["state"][field] == value
    assert not {"from_stage", "probability_from", "probability_to", "from_date", "date"} & set(told["state"])
