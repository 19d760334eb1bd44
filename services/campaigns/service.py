"""Campaigns: what was planned, who was contacted, who responded."""

from shared.mail.loop import MailingLoop
from shared.service.operational import OperationalService

FOLLOWED = ("contacts", "sales", "support", "analytics", "campaigns")


class CampaignsService(OperationalService, follows=FOLLOWED):
    """Campaigns and everything they send."""

    name = "campaigns"
    mailing = MailingLoop()
