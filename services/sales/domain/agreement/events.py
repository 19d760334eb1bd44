"""What can be said of an agreement."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.values import Code, Id, Money, Text

Period = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class AgreementStarted:
    """The customer pays this amount every period, until a day if one is agreed."""

    agreement_id: Id
    recurring_amount: Money
    period: Period
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementRenewed:
    """It goes on, until a later day if one is agreed."""

    agreement_id: Id
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementAmountChanged:
    """The customer pays more or less."""

    agreement_id: Id
    from_amount: Money
    to_amount: Money
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class AgreementEndNear:
    """The last day comes near, and nobody has renewed it."""

    agreement_id: Id
    ends_on: date


@dataclass(frozen=True, slots=True)
class AgreementEnded:
    """It is over; `voluntary` when the customer wanted it so."""

    agreement_id: Id
    reason_code: Code
    voluntary: bool
    recurring_amount: Money


EVENTS: tuple[type, ...] = (
    AgreementStarted,
    AgreementRenewed,
    AgreementAmountChanged,
    AgreementEndNear,
    AgreementEnded,
)
