"""Recipient: what campaigns has to know of a person before it writes.

It is a document that follows events (`learning`), not a stream; only that a block is lifted is a fact.
"""

from services.campaigns.domain.recipient import tickets
from services.campaigns.domain.recipient.clearing import (
    Clearing,
    ClearRecipient,
    RecipientCleared,
    decide,
    evolve,
)
from services.campaigns.domain.recipient.identity import Whole, persons
from services.campaigns.domain.recipient.learning import NEWS, learned, touched
from services.campaigns.domain.recipient.state import (
    Entry,
    Named,
    Recipient,
    Sealed,
    from_document,
    permission,
    to_document,
)
from shared.decide.decider import Decider

RECIPIENT = Decider(
    category="recipient",
    service="campaigns",
    initial=Clearing(),
    decide=decide,
    evolve=evolve,
    events=(RecipientCleared,),
    commands={"clear": ClearRecipient},
)

__all__ = [
    "NEWS",
    "RECIPIENT",
    "ClearRecipient",
    "Clearing",
    "Entry",
    "Named",
    "Recipient",
    "RecipientCleared",
    "Sealed",
    "Whole",
    "from_document",
    "learned",
    "permission",
    "persons",
    "tickets",
    "to_document",
    "touched",
]
