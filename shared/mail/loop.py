"""The loop that sends."""

from shared.relay.bell import Bell
from shared.service.extensions import Background
from shared.service.loop import Loop

SHORTEST, LONGEST = 0.2, 1.0


class MailingLoop(Background):
    """Runs `app.mailing` for as long as there is something to send, and looks for more every second."""

    def make_loop(self) -> Loop:
        """Return the loop over the steps of the mailing."""
        return Loop("mailing", self.container.app.mailing.step, Bell(), SHORTEST, LONGEST)
