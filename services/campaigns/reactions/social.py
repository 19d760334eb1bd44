"""What people say of us."""

from services.campaigns.domain.mention import MENTION, ReceiveMention
from shared.events import Event
from shared.receive.heard import Instruct


def interaction_recorded(event: Event) -> list[Instruct]:
    """A mention that the front office heard is to be seen to."""
    said = event.data
    if said["kind"] != "mention":
        return []
    network = (said.get("place") or "unknown")[:100]
    command = ReceiveMention(said["interaction_id"], network, said.get("outcome"), event.meta.customer)
    return [Instruct(MENTION.category, command.mention_id, command)]
