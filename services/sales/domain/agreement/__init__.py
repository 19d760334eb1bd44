"""Agreement: active, renewed, ended; what the customer pays every period."""

from services.sales.domain.agreement.commands import (
    ChangeAgreement,
    EndAgreement,
    RenewAgreement,
    StartAgreement,
)
from services.sales.domain.agreement.decide import decide
from services.sales.domain.agreement.events import (
    EVENTS,
    AgreementAmountChanged,
    AgreementEnded,
    AgreementEndNear,
    AgreementRenewed,
    AgreementStarted,
)
from services.sales.domain.agreement.state import Agreement, evolve, summary, timers
from shared.decide.decider import Decider

AGREEMENT = Decider(
    category="agreement",
    service="sales",
    initial=Agreement(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={
        "start": StartAgreement,
        "renew": RenewAgreement,
        "change-amount": ChangeAgreement,
        "end": EndAgreement,
    },
    timers=timers,
    summary=summary,
    filters=("status",),
)

__all__ = [
    "AGREEMENT",
    "Agreement",
    "AgreementAmountChanged",
    "AgreementEndNear",
    "AgreementEnded",
    "AgreementRenewed",
    "AgreementStarted",
    "ChangeAgreement",
    "EndAgreement",
    "RenewAgreement",
    "StartAgreement",
]
