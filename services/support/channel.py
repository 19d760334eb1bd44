"""From channel events to the commands of tickets."""

from services.support.domain.ticket import TICKET, OpenTicket, ReceiveMessage
from shared.contracts.payload import from_data
from shared.events.clock import rfc3339
from shared.plan.telling import fields_told
from shared.receive import Apply, Heard, Instruct

SYSTEMS = ("web", "email", "call_center", "chat")


def ticket_opened(heard: Heard) -> list[Instruct]:
    """A customer asked for help; without a priority it is a normal one."""
    key = heard.data["ticket_no"]
    known = {"ticket_id": key, "priority": heard.data.get("priority") or "normal", "channel": heard.system}
    known |= {"customer": heard.customer, "at": rfc3339(heard.time)}
    command = from_data(OpenTicket, {**heard.data, **known})
    return [Instruct(TICKET.category, key, command), *fields_told(TICKET.category, key, heard)]


def ticket_message_received(heard: Heard) -> list[Instruct]:
    """A customer wrote again."""
    key = heard.data["ticket_no"]
    return [Instruct(TICKET.category, key, ReceiveMessage(key, heard.data["message"], at=heard.time))]


APPLY: dict[str, Apply] = {
    f"channel.{system}.{happened}.v1": apply
    for happened, apply in (
        ("ticket_opened", ticket_opened),
        ("ticket_message_received", ticket_message_received),
    )
    for system in SYSTEMS
}
