"""Offer: defined, active, expired or withdrawn; its codes are issued and redeemed."""

from services.campaigns.domain.offer.commands import (
    ActivateOffer,
    DefineOffer,
    IssueOffer,
    RedeemOffer,
    ReportRedemption,
    ReverseRedemption,
    WithdrawOffer,
)
from services.campaigns.domain.offer.decide import decide
from services.campaigns.domain.offer.events import (
    OfferActivated,
    OfferDefined,
    OfferExpired,
    OfferIssued,
    OfferRedeemed,
    OfferRedemptionReversed,
    OfferWithdrawn,
    RedemptionRefused,
)
from services.campaigns.domain.offer.state import LED_TO, Offer, evolve, summary, timers
from services.campaigns.domain.terms import WITHDRAWAL_REASONS, asking
from shared.decide.decider import Decider

OFFER = Decider(
    category="offer",
    service="campaigns",
    initial=Offer(),
    decide=decide,
    evolve=evolve,
    events=(OfferDefined, *LED_TO, OfferIssued, OfferRedeemed, RedemptionRefused, OfferRedemptionReversed),
    commands={
        "define": DefineOffer,
        "activate": ActivateOffer,
        "issue": IssueOffer,
        "redeem": RedeemOffer,
        "reverse-redemption": ReverseRedemption,
        "withdraw": WithdrawOffer,
    },
    opens=(DefineOffer,),
    timers=timers,
    summary=summary,
    filters=("status",),
    facts={WithdrawOffer: asking(WITHDRAWAL_REASONS)},
)

__all__ = [
    "OFFER",
    "ActivateOffer",
    "DefineOffer",
    "IssueOffer",
    "OfferActivated",
    "OfferDefined",
    "OfferExpired",
    "OfferIssued",
    "OfferRedeemed",
    "OfferRedemptionReversed",
    "OfferWithdrawn",
    "RedeemOffer",
    "RedemptionRefused",
    "ReportRedemption",
    "ReverseRedemption",
    "WithdrawOffer",
]
