"""What an agreement decides."""

from collections.abc import Callable
from typing import Any

from services.sales.domain.agreement.commands import (
    ChangeAgreement,
    EndAgreement,
    RenewAgreement,
    StartAgreement,
)
from services.sales.domain.agreement.events import (
    AgreementAmountChanged,
    AgreementEnded,
    AgreementEndNear,
    AgreementRenewed,
    AgreementStarted,
)
from services.sales.domain.agreement.state import REMINDER, Agreement, timers
from shared.decide.decider import Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Money


def start(agreement: Agreement, command: StartAgreement) -> list[Any]:
    """Start it once."""
    _positive(command.recurring_amount)
    started = AgreementStarted(
        command.agreement_id, command.recurring_amount, command.period, command.ends_on
    )
    if agreement.started not in (None, started):
        raise Conflict(f"agreement {command.agreement_id} was started before with other content")
    return [] if agreement.started else [started]


def renew(agreement: Agreement, command: RenewAgreement) -> list[Any]:
    """A new last day is a later one."""
    _running(agreement, command.agreement_id)
    if agreement.status == "renewed" and agreement.ends_on == command.ends_on:
        return []
    if command.ends_on and agreement.ends_on and command.ends_on <= agreement.ends_on:
        raise Invalid(FieldError("/ends_on", f"is not after {agreement.ends_on}"))
    return [AgreementRenewed(command.agreement_id, command.ends_on)]


def change(agreement: Agreement, command: ChangeAgreement) -> list[Any]:
    """From how much to how much, in one currency."""
    amount = _running(agreement, command.agreement_id)
    _positive(command.recurring_amount)
    if amount.currency != command.recurring_amount.currency:
        raise Conflict(f"agreement {command.agreement_id} is in {amount.currency}")
    if amount == command.recurring_amount:
        return []
    told = (amount, command.recurring_amount, command.reason)
    return [AgreementAmountChanged(command.agreement_id, *told)]


def end(agreement: Agreement, command: EndAgreement) -> list[Any]:
    """The event tells what is lost; ending it again is no news."""
    if agreement.status == "ended":
        return []
    amount = _running(agreement, command.agreement_id)
    return [AgreementEnded(command.agreement_id, command.reason_code, command.voluntary, amount)]


def remind(agreement: Agreement, elapsed: Elapsed) -> list[Any]:
    """Nothing when it was renewed or ended by now."""
    if agreement.started is None or agreement.ends_on is None:
        return []
    due = timers(agreement).get(REMINDER)
    if due is None or elapsed.at < due:
        return []
    return [AgreementEndNear(agreement.started.agreement_id, agreement.ends_on)]


def _running(agreement: Agreement, agreement_id: str) -> Money:
    if agreement.amount is None:
        raise NotFound(f"agreement {agreement_id} is not known")
    if agreement.status == "ended":
        raise Conflict(f"agreement {agreement_id} is ended")
    return agreement.amount


def _positive(money: Money) -> None:
    if money.amount <= 0:
        raise Invalid(FieldError("/recurring_amount/amount", "needs to be more than 0"))


DECIDE: dict[type, Callable[[Agreement, Any], list[Any]]] = {
    StartAgreement: start,
    RenewAgreement: renew,
    ChangeAgreement: change,
    EndAgreement: end,
    Elapsed: remind,
}


def decide(agreement: Agreement, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](agreement, command)
