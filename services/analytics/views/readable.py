"""The views an analyst may page through: one line each. The route, filters and freshness follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.analytics.views import lines as say
from services.analytics.views.facts import Kind
from services.analytics.views.facts_campaigns import MESSAGE, REDEMPTION
from services.analytics.views.facts_contacts import CONSENT, REFERRAL
from services.analytics.views.facts_sales import AGREEMENT, DEAL, LEAD, ORDER, QUOTE
from services.analytics.views.facts_support import CASE, SURVEY, TICKET
from services.analytics.views.monthly import ADOPTION, CHANNEL_MIX, DATA_QUALITY, SITE
from shared.project.projection import Projection


@dataclass(frozen=True, slots=True)
class Entities:
    """One line per entity of a kind; `on` is what happens in the month or on the day that is asked for."""

    kind: Kind
    on: str
    say: say.Say
    about: str

    @property
    def projection(self) -> str:
        """The projection that is read."""
        return self.kind.view


@dataclass(frozen=True, slots=True)
class Table:
    """The documents of a projection that has one per period and key, as they are."""

    source: Projection
    about: str

    @property
    def projection(self) -> str:
        """The projection that is read."""
        return self.source.name


Readable = Entities | Table

READABLE: Mapping[str, Readable] = {
    "orders": Entities(ORDER, "OrderPlaced", say.order, "Orders with state, total and days to delivery"),
    "lead_funnel": Entities(
        LEAD, "LeadCaptured",
        say.state(
            say.LEAD, "source", "channel", "campaign_id", "owner", "score", "reason_code", "opportunity_id"
        ),
        "Leads with their state, source and owner",
    ),
    "stage_history": Entities(
        DEAL, "OpportunityOpened", say.stages, "Deals with every stage and the days in it"
    ),
    "quote_book": Entities(
        QUOTE, "QuoteDrafted",
        say.state(say.QUOTE, "opportunity_id", "revision", "total", "valid_until", "to_date", "reason_code"),
        "Quotes with state, total and last valid day",
    ),
    "agreements": Entities(
        AGREEMENT, "AgreementStarted",
        say.state(
            say.AGREEMENT, "recurring_amount", "to_amount", "period", "ends_on", "reason_code", "voluntary"
        ),
        "Agreements with amount, period and end",
    ),
    "ticket_sla": Entities(TICKET, "TicketOpened", say.ticket, "Tickets with every service-level clock"),
    "survey_scores": Entities(
        SURVEY, "SurveyRequested",
        say.state(say.SURVEY, "kind", "score", "low", "ticket_id", "themes", "action"),
        "Surveys with score, themes and what was done about it",
    ),
    "proactive_cases": Entities(
        CASE, "ProactiveCaseRaised", say.state(say.CASE, "rule_id", "order_id", "outcome", "ticket_id"),
        "Cases raised before the customer asked",
    ),
    "messages": Entities(
        MESSAGE, "MessageQueued",
        say.state(say.MESSAGE, "campaign_id", "step", "variant", "channel", "reason"),
        "Messages with state, variant and why one was suppressed",
    ),
    "offer_redemptions": Entities(
        REDEMPTION, "OfferRedeemed", say.state(say.REDEMPTION, "offer_id", "code", "order_id", "value"),
        "Uses of offers by orders",
    ),
    "consent_ledger": Entities(
        CONSENT, "ConsentGranted", say.ledger, "Every statement on consent, by contact"
    ),
    "referrals": Entities(
        REFERRAL, "ReferralRecorded",
        say.state({"ReferralRecorded": "referred"}, "referrer_id", "program", "referred_at"),
        "Who was brought by whom",
    ),
    "site": Table(SITE, "By month: views, loading time and orders of the web shop and the app"),
    "channel_mix": Table(CHANNEL_MIX, "Contacts by month, channel and kind"),
    "adoption": Table(ADOPTION, "By week: who of the staff was active, and what was captured by itself"),
    "data_quality": Table(DATA_QUALITY, "By month: duplicates, refused rows, corrections, what was learned"),
}  # fmt: skip


# How the views of facts say what they know of one entity.
SAYS: Mapping[str, say.Say] = {v.projection: v.say for v in READABLE.values() if isinstance(v, Entities)}


def described() -> list[dict[str, Any]]:
    """Return the list of the views: name, what it says, what it can be filtered by."""
    return [
        {"name": name, "about": view.about, "projection": view.projection, "filters": filters_of(view)}
        for name, view in sorted(READABLE.items())
    ]


def filters_of(view: Readable) -> list[str]:
    """Return the filters a view takes; one of the first two is always in force."""
    return ["month", "day", "customer", "status"] if isinstance(view, Entities) else ["month", "week"]
