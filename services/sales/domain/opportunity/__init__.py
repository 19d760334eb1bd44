"""Opportunity: open in a stage, then won or lost; reopened."""

from services.sales.domain.opportunity.commands import (
    ChangeAmount,
    ChangeOwner,
    LoseOpportunity,
    MoveStage,
    OpenOpportunity,
    ReopenOpportunity,
    ReportOpportunity,
    WinOpportunity,
)
from services.sales.domain.opportunity.decide import decide
from services.sales.domain.opportunity.events import (
    EVENTS,
    OpportunityAmountChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
)
from services.sales.domain.opportunity.state import Opportunity, evolve
from shared.decide.decider import Decider

OPPORTUNITY = Decider(
    category="opportunity",
    service="sales",
    initial=Opportunity(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={
        "open": OpenOpportunity,
        "move": MoveStage,
        "change-amount": ChangeAmount,
        "change-owner": ChangeOwner,
        "win": WinOpportunity,
        "lose": LoseOpportunity,
        "reopen": ReopenOpportunity,
    },
    opens=(OpenOpportunity,),
)

__all__ = [
    "OPPORTUNITY",
    "ChangeAmount",
    "ChangeOwner",
    "LoseOpportunity",
    "MoveStage",
    "OpenOpportunity",
    "Opportunity",
    "OpportunityAmountChanged",
    "OpportunityLost",
    "OpportunityOpened",
    "OpportunityOwnerChanged",
    "OpportunityReopened",
    "OpportunityStageChanged",
    "OpportunityWon",
    "ReopenOpportunity",
    "ReportOpportunity",
    "WinOpportunity",
]
