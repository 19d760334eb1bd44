"""What a lead remembers in order to decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.sales.domain.lead.events import (
    LeadAssigned,
    LeadCaptured,
    LeadContactAttempted,
    LeadConverted,
    LeadDisqualified,
    LeadMarkedDuplicate,
    LeadQualified,
    LeadRecycled,
    LeadScored,
)
from shared.plan import NO_FIELDS, Custom, FieldChanged, FieldExpired

Status = Literal[
    "unknown", "new", "working", "qualified", "converted", "disqualified", "recycled", "duplicate"
]


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead."""

    status: Status = "unknown"
    captured: LeadCaptured | None = None
    assigned: LeadAssigned | None = None
    attempts: int = 0
    scored: LeadScored | None = None
    criteria: tuple[str, ...] = ()
    reason_code: str | None = None
    recycled: LeadRecycled | None = None
    opportunity_id: str | None = None
    duplicate_of: str | None = None
    custom: Custom = NO_FIELDS

    @property
    def owner(self) -> str | None:
        """Who looks after it."""
        return self.assigned.owner if self.assigned else None


def _attempted(lead: Lead, _: LeadContactAttempted) -> Lead:
    status: Status = "working" if lead.status in ("new", "recycled") else lead.status
    return replace(lead, status=status, attempts=lead.attempts + 1)


EVOLVE: dict[type, Callable[[Lead, Any], Lead]] = {
    LeadCaptured: lambda lead, e: replace(lead, status="new", captured=e),
    LeadAssigned: lambda lead, e: replace(lead, assigned=e),
    LeadContactAttempted: _attempted,
    LeadScored: lambda lead, e: replace(lead, scored=e),
    LeadQualified: lambda lead, e: replace(lead, status="qualified", criteria=e.criteria),
    LeadDisqualified: lambda lead, e: replace(lead, status="disqualified", reason_code=e.reason_code),
    LeadRecycled: lambda lead, e: replace(lead, status="recycled", recycled=e, reason_code=None),
    LeadConverted: lambda lead, e: replace(lead, status="converted", opportunity_id=e.opportunity_id),
    LeadMarkedDuplicate: lambda lead, e: replace(lead, status="duplicate", duplicate_of=e.duplicate_of),
    FieldChanged: lambda lead, e: replace(lead, custom=lead.custom.after(e)),
    FieldExpired: lambda lead, e: replace(lead, custom=lead.custom.after(e)),
}


def evolve(lead: Lead, event: Any) -> Lead:
    """Return the lead after the event."""
    return EVOLVE[type(event)](lead, event)


def summary(lead: Lead) -> dict[str, Any]:
    """Return the line of the lead in lists."""
    return {
        "status": lead.status,
        "owner": lead.owner,
        "source": lead.captured.source if lead.captured else None,
        "score": lead.scored.score if lead.scored else None,
        "attempts": lead.attempts,
    }
