"""What campaigns keeps of people: recipients, who follow contacts and campaigns, and their open tickets."""

from services.campaigns.domain.recipient import (
    NEWS,
    Recipient,
    from_document,
    learned,
    tickets,
    to_document,
    touched,
)
from services.campaigns.domain.recipient.tickets import Tickets
from services.campaigns.mailing.people import RECIPIENTS, TICKETS
from services.campaigns.reactions.book import Kept

OWN = frozenset(
    {"MessageBounced", "ComplaintReceived", "UnsubscribeRequested", "ContactEnrolled", "RecipientCleared"}
)
KEPT_RECIPIENTS = Kept(
    RECIPIENTS,
    tuple(f"rapport.{'campaigns' if name in OWN else 'contacts'}.{name}.v1" for name in NEWS),
    Recipient(),
    touched,
    learned,
    from_document,
    to_document,
)
KEPT_TICKETS = Kept(
    TICKETS,
    tuple(f"rapport.support.{name}.v1" for name in tickets.TOLD),
    Tickets(),
    tickets.asker,
    tickets.told,
    tickets.from_document,
    tickets.to_document,
)
LEARNED = (*KEPT_RECIPIENTS.types, *KEPT_TICKETS.types)
