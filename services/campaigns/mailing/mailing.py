"""One leader per service queues and sends the messages of the campaigns that run."""

from collections.abc import Callable
from datetime import datetime

from services.campaigns.domain.campaign import Campaign
from services.campaigns.domain.message import pile
from services.campaigns.mailing.queueing import Queueing
from services.campaigns.mailing.sender import Sender
from shared.decide import Streams
from shared.listing.listing import Listing
from shared.relay.lease import Leadership

LOT = 25  # this many may be in doubt after a crash
CAMPAIGNS = 1_000


class Mailing:
    """The lease saves work; that nothing is sent twice rests on the claims of the sender."""

    def __init__(
        self,
        campaigns: Streams[Campaign],
        running: Listing,
        messages: Listing,
        queueing: Queueing,
        sender: Sender | None,
        leadership: Leadership,
        clock: Callable[[], datetime],
    ) -> None:
        self._campaigns, self._running, self._messages = campaigns, running, messages
        self._queueing, self._sender = queueing, sender
        self._leadership, self._clock = leadership, clock

    def step(self) -> int:
        """Do a little for every running campaign; return how much. Raises Unavailable, Unsent."""
        if not self._leadership.hold():
            return 0
        lines = self._running.page({"status": "running"}, None, CAMPAIGNS)
        found = self._campaigns.load([line["id"] for line in lines], fresh=True) if lines else {}
        return sum(self._advance(f.state) for f in found.values() if f.state.status == "running")

    def _advance(self, campaign: Campaign) -> int:
        """Send first: the next part of the audience is queued when the last is nearly gone."""
        sent = self._send(campaign)
        return sent if sent == LOT else sent + self._queueing.step(campaign, self._clock())

    def _send(self, campaign: Campaign) -> int:
        if self._sender is None or campaign.plan is None:
            return 0
        waiting = {"pile": pile(campaign.plan.campaign_id, "queued")}
        keys = [line["id"] for line in self._messages.page(waiting, None, LOT)]
        if keys:
            self._sender.send(campaign.plan, keys)
        return len(keys)
