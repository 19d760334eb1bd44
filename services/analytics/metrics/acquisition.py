"""What winning customers costs, and who brings others."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from services.analytics.metrics.customers import BUYERS, PLACED
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.joint import Joint, Part, part
from services.analytics.metrics.leads import CAPTURED, COHORT
from services.analytics.metrics.lives import first_order, gained
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, total
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_campaigns import CAMPAIGN
from services.analytics.views.facts_contacts import REFERRAL

COST = ("CampaignCostRecorded", "CampaignCostReversed")
REFERRED = "ReferralRecorded"
Parts = Sequence[Part]


def costs(campaign: Entity, question: Question) -> Iterator[Row]:
    """Yield the costs of a campaign that were incurred in the window and not reversed."""
    reversed_ = {f.data["cost_id"] for f in campaign.facts if f.type == COST[1]}
    for fact in campaign.facts:
        if fact.type != COST[0] or fact.data["cost_id"] in reversed_:
            continue
        day = str(fact.data.get("incurred_on") or day_of(fact.at))
        if day_of(question.window.since) <= date.fromisoformat(day).isoformat() < day_of(question.window.to):
            money = fact.data["amount"]
            dims = {
                "campaign": fact.data["campaign_id"], "channel": fact.data.get("channel", ""),
                "kind": fact.data.get("kind", ""), "currency": money["currency"],
            }  # fmt: skip
            yield Row(day, dims, {"cost": money["amount"]}, events=(fact.id,))


def referrals(contact: Entity, _: Question) -> Iterator[Row]:
    """Yield that a person was referred by another, whenever that was."""
    if referred := contact.first(REFERRED):
        yield Row(day_of(referred.at), {}, {"referred": 1}, referred.data["contact_id"])


def spent(rows: Sequence[Row], _: Question) -> Figure:
    """Sum of the costs."""
    return Figure(total(rows, "cost"), len(rows))


def acquisition_cost(items: Parts, question: Question) -> Figure:
    """Costs / new customers."""
    new = sum(gained(person, question.window) for person in part(items, "people"))
    return ratio(total(part(items, "costs"), "cost"), new, "nobody became a customer in the window")


def cost_per_lead(items: Parts, _: Question) -> Figure:
    """Costs / leads."""
    leads = total(part(items, "leads"), "captured")
    return ratio(total(part(items, "costs"), "cost"), leads, "no lead was captured in the window")


def referral_rate(items: Parts, question: Question) -> Figure:
    """New customers who were referred / customers at the start, or whichever base is asked for."""
    people, window = part(items, "people"), question.window
    referred = {row.customer for row in part(items, "referrals")}
    new = {person.root for person in people if gained(person, window)}
    start = sum((first_order(p) or "9999") < day_of(window.since) for p in people)
    base = {"start": start, "new": len(new), "all": start + len(new)}
    of = question.parameters.get("base", "start")
    return ratio(len(new & referred), base.get(of, 0), f"there is no customer in the base {of}")


COSTS = Entities(CAMPAIGN, ("incurred",), costs, ("campaign", "channel", "kind", "currency"))
REFERRALS = Entities(REFERRAL, ("referral",), referrals, (), ever=True, people=True)
define = partial(Metric, owner="marketing", group="value to the company")

ACQUISITION_METRICS: tuple[Metric, ...] = (
    define("campaign_costs", 1, "Campaign costs", "costs incurred in the window, without those reversed",
           "money", COST, COSTS, spent, money=True),
    define("acquisition_cost", 1, "Acquisition cost (CAC)",
           "campaign costs incurred in the window / people whose first order is in it", "money",
           (*COST, *PLACED), Joint({"costs": COSTS, "people": BUYERS}, ("costs",)), acquisition_cost,
           money=True),
    define("cost_per_lead", 1, "Cost per lead", "campaign costs incurred / leads captured in the window",
           "money", (*COST, CAPTURED), Joint({"costs": COSTS, "leads": COHORT}, ("costs",)), cost_per_lead,
           money=True),
    define("referral_rate", 1, "Referral rate",
           "new customers of the window who were referred / customers at its start; base=new divides by the "
           "new ones, base=all by both", "share", (REFERRED, *PLACED),
           Joint({"people": BUYERS, "referrals": REFERRALS}), referral_rate, perspective="external",
           parameters={"base": "start"}),
)  # fmt: skip
