"""Tables of what comes before an order and what goes on after it: leads, quotes, agreements."""

from collections.abc import Iterator

from services.analytics.exports.sales import WHO, moment_of, money
from services.analytics.exports.table import Entities, Row, Table, columns
from services.analytics.views.facts import Entity
from services.analytics.views.facts_sales import AGREEMENT, LEAD, QUOTE


def leads(entity: Entity) -> Iterator[Row]:
    """Yield the lead, once it was captured."""
    captured = entity.first("LeadCaptured")
    if captured is None:
        return
    assigned, attempt = entity.last("LeadAssigned"), entity.first("LeadContactAttempted")
    scored, converted = entity.last("LeadScored"), entity.last("LeadConverted")
    yield {
        "lead_id": entity.stream.partition("-")[2], "customer": entity.customer,
        "channel": captured.data.get("channel") or captured.channel, "captured_at": captured.at,
        "source": captured.data.get("source"), "campaign_id": captured.data.get("campaign_id"),
        "owner": assigned.data.get("owner") if assigned else None, "first_contact_at": moment_of(attempt),
        "score": scored.data.get("score") if scored else None, "converted_at": moment_of(converted),
        "opportunity_id": converted.data.get("opportunity_id") if converted else None,
        "disqualified_at": moment_of(entity.last("LeadDisqualified")),
    }  # fmt: skip


def quotes(entity: Entity) -> Iterator[Row]:
    """Yield the quote, once it was drafted."""
    drafted = entity.first("QuoteDrafted")
    if drafted is None:
        return
    said = next(f for f in reversed(entity.facts) if f.data.get("total") or f is drafted)
    amount, currency = money(said, "total")
    yield {
        "quote_id": entity.stream.partition("-")[2], "customer": entity.customer, "channel": drafted.channel,
        "drafted_at": drafted.at, "opportunity_id": drafted.data.get("opportunity_id"),
        "revision": said.data.get("revision"), "amount": amount, "currency": currency,
        "sent_at": moment_of(entity.last("QuoteSent")),
        "accepted_at": moment_of(entity.last("QuoteAccepted")),
        "rejected_at": moment_of(entity.last("QuoteRejected")),
        "expired_at": moment_of(entity.last("QuoteExpired")),
    }  # fmt: skip


def agreements(entity: Entity) -> Iterator[Row]:
    """Yield the agreement, once it was started."""
    started, ended = entity.first("AgreementStarted"), entity.last("AgreementEnded")
    if started is None:
        return
    changed = entity.last("AgreementAmountChanged")
    amount, currency = money(changed, "to_amount") if changed else money(started, "recurring_amount")
    yield {
        "agreement_id": entity.stream.partition("-")[2], "customer": entity.customer,
        "channel": started.channel,
        "started_at": started.at, "amount": amount, "currency": currency,
        "period": started.data.get("period"),
        "ends_on": entity.newest({"AgreementStarted": "ends_on", "AgreementRenewed": "ends_on"}),
        "ended_at": moment_of(ended), "reason": ended.data.get("reason_code") if ended else None,
        "voluntary": ended.data.get("voluntary") if ended else None,
    }  # fmt: skip


OFFER_TABLES: tuple[Table, ...] = (
    Table("leads", 1, "One row per lead.", ("lead_id",), "captured_at", columns(
        lead_id="text: the lead", **WHO, captured_at="moment: when it came in", source="text: where from",
        campaign_id="text: the campaign it names", owner="text: who follows it up",
        first_contact_at="moment: first attempt to reach", score="integer: the newest score",
        converted_at="moment: when it became an opportunity", opportunity_id="text: which one",
        disqualified_at="moment: when it was given up",
    ), Entities(LEAD, leads)),
    Table("quotes", 1, "One row per quote.", ("quote_id",), "drafted_at", columns(
        quote_id="text: the quote", **WHO, drafted_at="moment: when it was drafted",
        opportunity_id="text: for which opportunity", revision="integer: the newest",
        amount="integer: its total",
        currency="text: ISO 4217", sent_at="moment: when last sent", accepted_at="moment: when accepted",
        rejected_at="moment: when rejected", expired_at="moment: when it ran out",
    ), Entities(QUOTE, quotes)),
    Table("agreements", 1, "One row per agreement.", ("agreement_id",), "started_at", columns(
        agreement_id="text: the agreement", **WHO, started_at="moment: when it began",
        amount="integer: per period, in force", currency="text: ISO 4217",
        period="text: month, quarter or year",
        ends_on="day: agreed last day", ended_at="moment: when it ended", reason="text: code of the reason",
        voluntary="flag: whether the customer wanted it so",
    ), Entities(AGREEMENT, agreements)),
)  # fmt: skip
