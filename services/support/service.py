"""Support: tickets and the clocks of what was promised for them."""

from services.support.reactions import SOURCES
from shared.mail.loop import MailingLoop
from shared.service.operational import OperationalService


class SupportService(OperationalService, follows=SOURCES):
    """Tickets, SLA clocks, surveys, proactive cases and self-service."""

    name = "support"
    mailing = MailingLoop()
