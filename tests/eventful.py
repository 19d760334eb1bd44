"""A customer to whom everything happens: the events of orders, quotes, tickets, campaigns and consents."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from shared.events import Event
from tests.company import BEGIN, Company

Write = Callable[..., Event]
DAY = timedelta(days=1)
SKUS = (("cup", "kitchen"), ("plate", "kitchen"), ("lamp", "light"), ("rug", "floor"))


def assessed(company: Company, ref: str, number: str, start: datetime) -> None:
    """What analytics says of the customer: a stage, a tier, a segment, a risk that passes."""
    say, key = stream(company, "analytics", "standing", ref, ref), {"customer": ref}
    say("LifecycleStageChanged", at=start, to_stage="customer", from_stage="prospect", **key)
    say("CustomerValueTierChanged", at=start + DAY, to_tier="high", model_version="value-1", **key)
    say("SegmentEntered", at=start + DAY, segment_id="loyal", segment_version=1, **key)
    say("ChurnRiskRaised", at=start + 2 * DAY, score="0.8", reasons=["silent"], model_version="gap-1", **key)
    if company.random.random() < 0.5:
        say("ChurnRiskEased", at=start + 3 * DAY, score="0.1", model_version="gap-1", **key)
        say("SegmentExited", at=start + 3 * DAY, segment_id="loyal", segment_version=1, **key)


def eventful(company: Company, refs: list[str], rounds: int = 1) -> None:
    """Let everything happen to these customers, each round at another time."""
    for _ in range(rounds):
        for ref in refs:
            number = f"{ref}-{company.random.randrange(10**9)}"
            start = BEGIN + timedelta(minutes=company.random.randrange(200_000))
            for happens in HAPPENS:
                happens(company, ref, number, start)
    for brought, by in zip(refs[1:], refs, strict=False):
        company.write("contacts", "ReferralRecorded", f"contact-{brought}", brought, contact_id=brought,
                      referrer_id=by, referred_at="2026-01-02T00:00:00Z", program="friends")  # fmt: skip


def stream(company: Company, service: str, category: str, number: str, ref: str | None) -> Write:
    """Return what writes to one stream of one customer."""
    return partial(_write, company, service, f"{category}-{number}", ref)


def _write(company: Company, service: str, name: str, ref: str | None, type_: str, /, **data: Any) -> Event:
    return company.write(service, type_, name, ref, **data)


def money(company: Company) -> dict[str, Any]:
    """Return some amount of pounds."""
    return {"amount": company.random.randrange(100, 9_000), "currency": "GBP"}


def bought(company: Company, ref: str, number: str, start: datetime) -> None:
    """An order with lines, a promise, shipment, delivery, a return or a cancellation."""
    chance, say = company.random, stream(company, "sales", "order", f"{number}-e", ref)
    lines = [
        {"sku": sku, "quantity": 1, "unit_price": "2.50", "amount": 250, "category": category,
         "configuration": {"colour": "red"}}
        for sku, category in chance.sample(SKUS, 2)
    ]  # fmt: skip
    key = {"order_id": f"{number}-e"}
    say("OrderPlaced", at=start, channel=chance.choice(["web", "store"]), order_no=number, lines=lines,
        country="France", total={"amount": 500, "currency": "GBP"}, **key)  # fmt: skip
    if chance.random() < 0.2:
        say("OrderCancelled", at=start + DAY, value={"amount": 500, "currency": "GBP"}, **key)
        return
    say("OrderPaymentRecorded", at=start, amount={"amount": 500, "currency": "GBP"}, **key)
    say("DeliveryPromised", at=start, promised_on=(start + 3 * DAY).date().isoformat(), **key)
    say("OrderShipped", at=start + DAY, **key)
    if chance.random() < 0.8:
        say("OrderDelivered", at=start + chance.randrange(2, 6) * DAY, **key)


def quoted(company: Company, ref: str, number: str, start: datetime) -> None:
    """A lead that becomes an opportunity with a quote, and an agreement."""
    chance = company.random
    lead = stream(company, "sales", "lead", number, ref)
    lead(
        "LeadCaptured",
        at=start,
        lead_id=number,
        source="fair",
        said={"channel": "fair"},
        campaign_id="spring",
    )
    lead("LeadAssigned", at=start, lead_id=number, owner="ann", handed_over_at=start.isoformat())
    lead("LeadContactAttempted", at=start + DAY, lead_id=number, outcome="reached")
    lead("LeadQualified", at=start + DAY, lead_id=number, criteria=["budget"])
    lead("LeadConverted", at=start + DAY, lead_id=number, opportunity_id=number)
    quote, key = stream(company, "sales", "quote", number, ref), {"quote_id": number}
    total = money(company)
    quote("QuoteDrafted", at=start, revision=1, opportunity_id=number, lines=[], total=total, **key)
    quote("QuoteSent", at=start + DAY, revision=1, valid_until="2026-06-01", **key)
    if chance.random() < 0.5:
        quote("QuoteAccepted", at=start + 2 * DAY, revision=1, opportunity_id=number, total=total, **key)
    else:
        quote("QuoteExpired", at=start + 2 * DAY, revision=1, **key)
    terms = {"agreement_id": number, "recurring_amount": total}
    agreement = stream(company, "sales", "agreement", number, ref)
    agreement("AgreementStarted", at=start, period="month", ends_on="2026-12-31", **terms)
    if chance.random() < 0.4:
        agreement("AgreementEnded", at=start + 9 * DAY, reason_code="price", voluntary=True, **terms)


def asked_for_help(company: Company, ref: str, number: str, start: datetime) -> None:
    """A ticket with clocks, held and resumed, resolved, perhaps reopened, surveyed and closed, or merged."""
    chance = company.random
    say = partial(stream(company, "support", "ticket", f"{number}-e", ref), ticket_id=f"{number}-e")
    say("TicketOpened", at=start, channel=chance.choice(["email", "web"]), ticket_no=number,
        origin=chance.choice(["reactive", "proactive"]), subject="sealed:x:y", priority="high",
        category="delivery")  # fmt: skip
    say("TicketAssigned", at=start, team="north", handler="eve")
    for kind in ("first_response", "resolution"):
        say("SlaClockStarted", at=start, kind=kind, cycle=1, policy_id="p", policy_version=1, elapsed_s=0,
            calendar_version=1, target_s=3_600, due_at=(start + DAY).isoformat())  # fmt: skip
    case = stream(company, "support", "case", number, ref)
    case(
        "ProactiveCaseRaised",
        at=start,
        case_id=number,
        rule_id="late",
        rule_version=1,
        evidence_event_ids=["e"],
    )
    if chance.random() < 0.2:
        stream(company, "support", "ticket", f"{number}-e", ref)(
            "TicketsMerged", at=start, survivor_id="other", absorbed_id=f"{number}-e"
        )
        return
    replied = start + timedelta(hours=chance.randrange(1, 40))
    say("ReplySent", at=replied, public=True, automatic=False, handler="eve", message="sealed:x:y")
    _judged(say, "first_response", start, replied)
    solved = replied + timedelta(hours=2)
    say("TicketResolved", at=solved, cycle=1, resolution_code="sent_again", root_cause="carrier")
    _judged(say, "resolution", start, solved)
    _surveyed(company, ref, f"{number}-e", solved)
    if chance.random() < 0.3:
        say("TicketReopened", at=solved + DAY, cycle=2, cause="customer_message")
    else:
        say("TicketClosed", at=solved + DAY)


def _judged(say: Write, kind: str, start: datetime, done: datetime) -> None:
    elapsed = int((done - start).total_seconds())
    if done <= start + DAY:
        say("SlaTargetMet", at=done, kind=kind, cycle=1, elapsed_s=elapsed)
        return
    due = (start + DAY).isoformat()
    say("SlaTargetBreached", at=start + DAY, kind=kind, cycle=1, due_at=due)
    say("SlaClockStopped", at=done, kind=kind, cycle=1, elapsed_s=elapsed)


def _surveyed(company: Company, ref: str, ticket: str, at: datetime) -> None:
    score, key = (
        company.random.randrange(1, 6),
        {"survey_id": f"{ticket}.1", "ticket_id": ticket, "kind": "csat"},
    )
    say = stream(company, "support", "survey", f"{ticket}.1", ref)
    say("SurveyRequested", at=at, cycle=1, answer_by=(at + 14 * DAY).isoformat(), **key)
    if company.random.random() < 0.3:
        say("SurveyLapsed", at=at + 14 * DAY, survey_id=key["survey_id"])
        return
    say(
        "SurveyResponded", at=at + DAY, score=score, low=score <= 2, correction=False, themes=["speed"], **key
    )
    if score <= 2:
        say("FeedbackLoopClosed", at=at + 2 * DAY, survey_id=key["survey_id"], action="called back")
        say("SurveyResponded", at=at + 3 * DAY, score=4, low=False, correction=True, **key)


def mailed(company: Company, ref: str, number: str, start: datetime) -> None:
    """A message of a campaign within a journey, opened by machine and person; an offer; a response."""
    chance, key = company.random, {"message_id": number, "campaign_id": "spring"}
    say = partial(stream(company, "campaigns", "message", number, ref), **key)
    say("MessageQueued", at=start, contact_id=ref, step="one", cycle=1, send_key=number, variant="a",
        purpose="news", said={"channel": "email"})  # fmt: skip
    if chance.random() < 0.2:
        say("MessageSuppressed", at=start, reason=chance.choice(["consent", "cap", "control"]))
        return
    say("MessageSent", at=start, provider_id=number, attempt=1, sent_at=start.isoformat())
    if chance.random() < 0.1:
        say("MessageBounced", at=start, contact_id=ref, hardness="hard")
        return
    say("MessageDelivered", at=start)
    for index, automated in enumerate((True, False)):
        say("MessageOpened", at=start + DAY, engagement_id=f"o{index}", automated=automated, evidence="x",
            rule_version=1)  # fmt: skip
    say(
        "LinkClicked",
        at=start + DAY,
        engagement_id="k1",
        link_key="shop",
        automated=True,
        evidence="x",
        rule_version=1,
    )
    say("EngagementReclassified", at=start + 2 * DAY, engagement_ids=["k1"], automated=False, rule_version=2)
    journey = stream(company, "campaigns", "enrolment", number, ref)
    journey("ContactEnrolled", at=start, enrolment_id=number, journey_id="welcome", contact_id=ref, cycle=1,
            version=1, campaign_id="spring", purpose="news", steps=[])  # fmt: skip
    journey("EnrollmentCompleted", at=start + DAY, enrolment_id=number, cycle=1)
    if chance.random() < 0.3:
        say("UnsubscribeRequested", at=start + DAY, contact_id=ref, scope="purpose", method="one_click",
            purpose="news", said={"channel": "email"}, already_suppressed=chance.random() < 0.5)  # fmt: skip
    stream(company, "campaigns", "response", number, ref)(
        "CampaignResponseRecorded", at=start + DAY, campaign_id="spring", response_id=number, kind="click"
    )
    offer = stream(company, "campaigns", "offer", f"{number}-o", None)
    offer("OfferIssued", at=start, offer_id=f"{number}-o", code=f"S{number}", contact_id=ref)
    offer("OfferRedeemed", at=start + DAY, offer_id=f"{number}-o", code=f"S{number}", contact_id=ref,
          order_id=f"{number}-e", value=money(company))  # fmt: skip


def allowed(company: Company, ref: str, number: str, start: datetime) -> None:
    """Consents given and taken back, a preference, a role in an organization, a note, calls."""
    say = partial(stream(company, "contacts", "contact", ref, ref), contact_id=ref)
    said = {"purpose": "news", "channel": company.random.choice(["email", "sms"])}
    say("ConsentGranted", at=start, legal_basis="consent", text_version="v1", evidence="form", said=said)
    if company.random.random() < 0.5:
        say("ConsentWithdrawn", at=start + company.random.randrange(-3, 4) * DAY, via="link", said=said)
    say("PreferenceStated", at=start, topic="size", value=company.random.choice(["s", "m"]))
    role = partial(stream(company, "contacts", "organization", f"{number}-g", None), organization_id="acme",
                   contact_id=ref, role=f"buyer {number}")  # fmt: skip
    role("ContactLinked", at=start, valid_from="2026-01-01")
    role("ContactUnlinked", at=start + DAY, valid_to="2026-03-01")
    call = {"kind": "call", "direction": "in", "handler": "eve", "duration_s": 120, "outcome": "answered"}
    for suffix, said_ in (("c", call), ("n", {"kind": "note", "direction": "none", "subject": "sealed:x:y"})):
        stream(company, "contacts", "interaction", f"{number}-{suffix}", ref)(
            "InteractionRecorded",
            at=start,
            channel="call_center",
            interaction_id=f"{number}-{suffix}",
            **said_,
        )


HAPPENS = (assessed, bought, quoted, asked_for_help, mailed, allowed)
