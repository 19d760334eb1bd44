"""Agreements: what the customer pays every period, until when, and why one ended."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, with_change, with_new
from shared.events import Event

AGREEMENTS = 20
TYPES = frozenset({"AgreementStarted", "AgreementRenewed", "AgreementAmountChanged", "AgreementEnded"})


def project(agreements: State, event: Event) -> dict[str, Any]:
    """Follow every agreement by its own stream."""
    data, number = event.data, event.data["agreement_id"]
    match event.type:
        case "AgreementStarted":
            terms = {"recurring_amount": data["recurring_amount"], "period": data["period"]}
            begun = {"status": "active", "at": event.occurred_at, "ends_on": data.get("ends_on"), **terms}
            return with_new(agreements, "items", number, begun, AGREEMENTS)
        case "AgreementRenewed":
            return with_change(agreements, "items", number, status="renewed", ends_on=data.get("ends_on"))
        case "AgreementAmountChanged":
            return with_change(agreements, "items", number, recurring_amount=data["to_amount"])
    ended = {
        "ended_at": event.occurred_at,
        "reason_code": data["reason_code"],
        "voluntary": data["voluntary"],
    }
    return with_change(agreements, "items", number, status="ended", **ended)


SECTION = Section("agreements", TYPES, project)
