"""Courtesy: a customer who only says thanks does not ask for more (T-6)."""

import re
from datetime import timedelta

from services.support.domain.ticket.commands import ReceiveMessage
from services.support.domain.ticket.state import Ticket

THANKS = re.compile(
    r"\W*(ok(ay)?|great|perfect|super|wonderful|brilliant|lovely)?\W*"
    r"(many thanks|thanks?( you)?|thx|ta|cheers|danke( sch[oö]n)?|merci|gracias|grazie)"
    r"( (so|very) much| a lot| again| all| everyone| for (your|the) (quick |kind )?(help|reply|answer))*\W*",
    re.IGNORECASE,
)


def is_thanks(ticket: Ticket, command: ReceiveMessage) -> bool:
    """Whether the message says nothing but thanks, inside the courtesy window of the policy."""
    if ticket.policy is None or ticket.resolved_at is None:
        return False
    window = timedelta(seconds=ticket.policy.terms.courtesy_s)
    return command.at <= ticket.resolved_at + window and bool(THANKS.fullmatch(command.message))
