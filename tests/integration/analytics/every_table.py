"""A history that has rows for every exported table, with values said twice, late, or not at all."""

from typing import Any

from tests.company import Company

EUR = {"amount": 900, "currency": "EUR"}
LINE = {"sku": "=KETTLE", "quantity": 2, "unit_price": 350, "amount": 700}
CLOCK = {"kind": "first_response", "cycle": 1}
ANSWER = {"survey_id": "s", "kind": "csat", "score": 4, "low": False, "comment": "sealed:c-0001:x"}
AGREED = {"purpose": "marketing", "channel": "email", "legal_basis": "consent", "contact_id": "c-0001"}
VIP = {"segment_id": "vip", "segment_version": 1}
Said = tuple[tuple[str, dict[str, Any]], ...]

ORDER: Said = (
    ("OrderPlaced", {"order_id": "o", "lines": [{**LINE, "category": "küche\n☕"}, LINE], "total": EUR}),
    ("OrderReturned", {"order_id": "o", "lines": [LINE], "value": {**EUR, "amount": 700}}),
    ("OrderPaymentRecorded", {"amount": EUR}),
    ("OrderShipped", {}),
    ("OrderCancelled", {"order_id": "o", "value": {**EUR, "amount": 200}}),
)
DEAL: Said = (
    ("OpportunityOpened", {"amount": EUR, "stage": "new", "probability": 10, "owner": "ann"}),
    ("OpportunityStageChanged", {"to_stage": "offer", "probability_to": 60}),
    ("OpportunityOwnerChanged", {"to_owner": "bob"}),
    ("OpportunityLost", {"reason_code": "price"}),
    ("OpportunityReopened", {"reason": "called"}),
    ("OpportunityAmountChanged", {"to_amount": {**EUR, "amount": 800}}),
    ("ExpectedCloseChanged", {"to_date": "2026-05-01"}),
)
LEAD: Said = (
    ("LeadCaptured", {"source": "fair", "channel": "store"}),
    ("LeadAssigned", {"owner": "ann"}),
    ("LeadContactAttempted", {}),
    ("LeadScored", {"score": 7}),
    ("LeadScored", {"score": 9}),
    ("LeadConverted", {"opportunity_id": "a-b"}),
)
QUOTE: Said = (
    ("QuoteDrafted", {"revision": 1, "total": EUR}),
    ("QuoteSent", {"revision": 1}),
    ("QuoteRevised", {"revision": 2, "total": {**EUR, "amount": 850}}),
    ("QuoteAccepted", {"revision": 2}),
)
AGREEMENT: Said = (
    ("AgreementStarted", {"recurring_amount": EUR, "period": "month", "ends_on": "2026-12-31"}),
    ("AgreementAmountChanged", {"to_amount": {**EUR, "amount": 950}}),
    ("AgreementRenewed", {"ends_on": "2027-12-31"}),
    ("AgreementEnded", {"reason_code": "price", "voluntary": False}),
)
TICKET: Said = (
    ("TicketOpened", {"origin": "reactive", "priority": "low", "category": "delivery"}),
    ("TicketClassified", {"category": "damage"}),
    ("TicketAssigned", {"handler": "eva", "team": "blue"}),
    ("ReplySent", {"public": True, "automatic": True}),
    ("ReplySent", {"public": False}),
    ("ReplySent", {"public": True, "handler": "eva"}),
    ("PriorityChanged", {"to_priority": "high"}),
    ("SlaTargetBreached", CLOCK),
    ("TicketHeld", {"waiting_on": "us"}),
    ("TicketResolved", {"resolution_code": "redelivered"}),
    ("TicketReopened", {"cause": "customer"}),
)
MESSAGE: Said = (
    ("MessageQueued", {"campaign_id": "spring"}),
    ("MessageSent", {}),
    ("MessageBounced", {"kind": "hard"}),
    ("LinkClicked", {"automated": True}),
)
HISTORY: tuple[tuple[str, str, str | None, Said], ...] = (
    ("sales", "order-o", "c-0002", ORDER),
    ("sales", "opportunity-a-b", "c-0001", DEAL),
    ("sales", "lead-l", "c-0002", LEAD),
    ("sales", "lead-m", None, (("LeadCaptured", {"source": "web"}),)),
    ("sales", "quote-q", "c-0001", QUOTE),
    ("sales", "agreement-g", "c-0001", AGREEMENT),
    ("support", "ticket-t", "c-0002", tuple((type_, {"ticket_id": "t", **data}) for type_, data in TICKET)),
    ("support", "survey-s", "c-0001", (("SurveyResponded", {"ticket_id": "t", **ANSWER}),)),
    ("campaigns", "message-m-1", "c-0002", MESSAGE),
    ("campaigns", "segment-vip", "c-0002", (("SegmentEntered", VIP), ("SegmentExited", VIP))),
    ("contacts", "contact-c-0001", "c-0001", (("ConsentGranted", AGREED), ("ConsentWithdrawn", AGREED))),
)


def fill(company: Company) -> None:
    """Let all of it happen, at moments in any order."""
    for service, stream, customer, said in HISTORY:
        for type_, data in said:
            company.write(service, type_, stream, customer, said=data)
