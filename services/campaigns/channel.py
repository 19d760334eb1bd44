"""From channel events to the commands of touches and responses."""

from services.campaigns.domain.response import RESPONSE, RecordResponse
from services.campaigns.domain.touch import TOUCH, RecordAttempt
from shared.contracts.payload import from_data
from shared.events.ids import derived
from shared.receive import Apply, Heard, Instruct


def campaign_call_made(heard: Heard) -> list[Instruct]:
    """Every call is a touch; one that was answered with interest is a response too."""
    touch = derived(heard.source, heard.id)
    known = {"touch_id": touch, "outcome": heard.data.get("answer")}
    attempted = Instruct(TOUCH.category, touch, from_data(RecordAttempt, {**heard.data, **known}))
    if not heard.data["responded"]:
        return [attempted]
    return [attempted, _response(heard, kind="call", medium=heard.data["medium"], touch_id=touch)]


def campaign_response_received(heard: Heard) -> list[Instruct]:
    """A person answered by a means of their own."""
    return [_response(heard)]


def _response(heard: Heard, **known: str) -> Instruct:
    key = derived(heard.source, heard.id, "response")
    return Instruct(
        RESPONSE.category, key, from_data(RecordResponse, {**heard.data, "response_id": key, **known})
    )


APPLY: dict[str, Apply] = {
    "channel.call_center.campaign_call_made.v1": campaign_call_made,
    **{
        f"channel.{system}.campaign_response_received.v1": campaign_response_received
        for system in ("web", "email", "store")
    },
}
