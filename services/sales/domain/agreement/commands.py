"""What may be asked of an agreement."""

from dataclasses import dataclass
from datetime import date

from services.sales.domain.agreement.events import Period
from shared.values import Code, Id, Money, Text


@dataclass(frozen=True, slots=True)
class StartAgreement:
    """Start an agreement with a customer."""

    agreement_id: Id
    recurring_amount: Money
    period: Period = "month"
    ends_on: date | None = None
    customer: Id | None = None


@dataclass(frozen=True, slots=True)
class RenewAgreement:
    """Let it go on, until a later day or without end."""

    agreement_id: Id
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeAgreement:
    """Say what the customer pays from now on."""

    agreement_id: Id
    recurring_amount: Money
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class EndAgreement:
    """End it, for a reason; `voluntary` when the customer wanted it so."""

    agreement_id: Id
    reason_code: Code
    voluntary: bool
