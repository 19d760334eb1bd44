"""What an agreement remembers in order to decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from services.sales.domain.agreement.events import (
    AgreementAmountChanged,
    AgreementEnded,
    AgreementEndNear,
    AgreementRenewed,
    AgreementStarted,
)
from shared.days import begin_of, days_before
from shared.values import Money

REMINDER, NOTICE_DAYS = "reminder", 30


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement; `reminded` when its coming end was told."""

    status: Literal["unknown", "active", "renewed", "ended"] = "unknown"
    started: AgreementStarted | None = None
    amount: Money | None = None
    ends_on: date | None = None
    reminded: bool = False
    reason_code: str | None = None


def _renewed(agreement: Agreement, event: AgreementRenewed) -> Agreement:
    return replace(agreement, status="renewed", ends_on=event.ends_on, reminded=False)


EVOLVE: dict[type, Callable[[Agreement, Any], Agreement]] = {
    AgreementStarted: lambda _, e: Agreement("active", e, e.recurring_amount, e.ends_on),
    AgreementRenewed: _renewed,
    AgreementAmountChanged: lambda agreement, e: replace(agreement, amount=e.to_amount),
    AgreementEndNear: lambda agreement, _: replace(agreement, reminded=True),
    AgreementEnded: lambda agreement, e: replace(agreement, status="ended", reason_code=e.reason_code),
}


def evolve(agreement: Agreement, event: Any) -> Agreement:
    """Return the agreement after the event."""
    return EVOLVE[type(event)](agreement, event)


def timers(agreement: Agreement) -> Mapping[str, datetime]:
    """Return when to remind of the end: 30 days before the last day."""
    if agreement.status not in ("active", "renewed") or agreement.ends_on is None or agreement.reminded:
        return {}
    return {REMINDER: begin_of(days_before(agreement.ends_on, NOTICE_DAYS))}


def summary(agreement: Agreement) -> dict[str, Any]:
    """Return the line of the agreement in lists."""
    return {"status": agreement.status, "amount": agreement.amount, "ends_on": agreement.ends_on}
