"""What an offer does when asked."""

from collections.abc import Set as AbstractSet
from dataclasses import fields
from datetime import datetime
from typing import Any

from services.campaigns.domain.offer.commands import (
    ActivateOffer,
    DefineOffer,
    IssueOffer,
    RedeemOffer,
    ReportRedemption,
    ReverseRedemption,
    WithdrawOffer,
)
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
from services.campaigns.domain.offer.state import Offer
from services.campaigns.domain.redemption import offer_of
from services.campaigns.domain.terms import fit
from shared.decide.decider import Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound, Rejected


def decide(offer: Offer, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, DefineOffer):
        return _define(offer, command)
    if isinstance(command, ReportRedemption):
        return _reported(offer, command)
    if offer.terms is None:
        raise NotFound(f"offer {command.offer_id} is not known")
    match command:
        case ActivateOffer(offer_id):
            return _activate(offer, offer_id)
        case IssueOffer():
            return _issue(offer, command)
        case RedeemOffer():
            return _redeem(offer, offer.terms, command)
        case ReverseRedemption(offer_id, order_id):
            counts = order_id in offer.redeemed and order_id not in offer.reversed
            return [OfferRedemptionReversed(offer_id, order_id)] if counts else []
        case WithdrawOffer():
            return _withdraw(offer, command)
        case Elapsed():
            return [OfferExpired(offer.terms.offer_id)] if offer.status == "active" else []
    raise TypeError(f"an offer does not know {type(command).__name__}")


def _define(offer: Offer, command: DefineOffer) -> list[Any]:
    terms = OfferDefined(*(getattr(command, f.name) for f in fields(command)))
    if terms == offer.terms:
        return []
    if offer.status not in ("unknown", "defined"):
        raise Conflict(f"offer {command.offer_id} is {offer.status}: its terms stand")
    if "." in command.offer_id:
        raise Invalid(FieldError("/offer_id", "may not contain a dot: codes are told by it"))
    if terms.closes <= terms.opens:
        raise Invalid(FieldError("/closes", "is not after the opening"))
    return [terms]


def _activate(offer: Offer, offer_id: str) -> list[Any]:
    if offer.status == "active":
        return []
    if offer.status != "defined":
        raise Conflict(f"offer {offer_id} is {offer.status}")
    return [OfferActivated(offer_id)]


def _issue(offer: Offer, command: IssueOffer) -> list[Any]:
    if offer_of(command.code) != command.offer_id:
        raise Invalid(FieldError("/code", f"needs to be {command.offer_id} or {command.offer_id}.something"))
    if command.code in offer.codes and offer.codes[command.code] in (command.contact_id, *command.persons):
        return []
    if command.code in offer.codes:
        raise Conflict(f"code {command.code} was given to somebody else")
    if offer.status != "active":
        raise Conflict(f"offer {command.offer_id} is {offer.status}, not active")
    return [OfferIssued(command.offer_id, command.code, command.contact_id)]


def _withdraw(offer: Offer, command: WithdrawOffer) -> list[Any]:
    if offer.status in ("withdrawn", "expired"):
        return []
    fit(command.terms, ("/reason", command.reason))
    return [OfferWithdrawn(command.offer_id, command.reason)]


def _redeem(offer: Offer, terms: OfferDefined, command: RedeemOffer | ReportRedemption) -> list[Any]:
    if command.order_id in offer.redeemed:
        return []
    person = {command.contact_id, *command.persons}
    if why := refusal(offer, terms, command.code, person, command.at):
        raise Conflict(f"code {command.code} does not hold: {why}")
    said = (command.offer_id, command.code, command.order_id, command.contact_id, command.value)
    return [OfferRedeemed(*said)]


def _reported(offer: Offer, command: ReportRedemption) -> list[Any]:
    """An order that is placed can not be refused any more, but that its code did not hold can be noted."""
    if command.order_id in offer.refused:
        return []
    try:
        if offer.terms is None:
            raise NotFound(f"offer {command.offer_id} is not known")
        return _redeem(offer, offer.terms, command)
    except Rejected as refused:
        return [RedemptionRefused(command.offer_id, command.code, command.order_id, str(refused))]


def refusal(
    offer: Offer, terms: OfferDefined, code: str, person: AbstractSet[str], at: datetime
) -> str | None:
    """Return why a code does not hold now, for a person under all refs: window, caps, eligibility (M-7)."""
    mine = sum(r.contact_id in person for r in offer.standing)
    reasons = [
        (offer.status not in ("active", "expired"), f"the offer is {offer.status}"),
        (not terms.opens <= at < terms.closes, "it is outside its window"),
        (code not in offer.codes, "it was not issued"),
        (offer.codes.get(code) not in (None, *person), "it was given to somebody else"),
        (bool(terms.members) and person.isdisjoint(terms.members), "it is not for this person"),
        (terms.cap is not None and len(offer.standing) >= terms.cap, "all are taken"),
        (mine >= terms.per_customer_cap, "the person has had it"),
    ]
    return next((reason for holds, reason in reasons if holds), None)
