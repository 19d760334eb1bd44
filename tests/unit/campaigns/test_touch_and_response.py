"""Touches and responses: recorded once."""

from services.campaigns.domain.response import RESPONSE, CampaignResponseRecorded, RecordResponse
from services.campaigns.domain.touch import TOUCH, ContactAttempted, RecordAttempt
from shared.errors import Conflict
from shared.testing.given import given


def test_a_touch_is_recorded_once():
    """The same attempt again is no news; other content under the same id is refused."""
    attempted = ContactAttempted("spring", "t1", "cellular", 2, 210, "no")

    given(TOUCH).when(RecordAttempt("t1", "spring", "cellular", 2, 210, "no")).then(attempted)
    given(TOUCH, attempted).when(RecordAttempt("t1", "spring", "cellular", 2, 210, "no")).then_nothing()
    given(TOUCH, attempted).when(RecordAttempt("t1", "spring", "telephone", 2)).then_raises(Conflict, "t1")


def test_a_response_is_recorded_once():
    """The same response again is no news; other content under the same id is refused."""
    recorded = CampaignResponseRecorded("spring", "r1", "call", "cellular", "t1")

    given(RESPONSE).when(RecordResponse("r1", "spring", "call", "cellular", "t1")).then(recorded)
    given(RESPONSE, recorded).when(RecordResponse("r1", "spring", "call", "cellular", "t1")).then_nothing()
    given(RESPONSE, recorded).when(RecordResponse("r1", "spring", "click")).then_raises(Conflict, "r1")
