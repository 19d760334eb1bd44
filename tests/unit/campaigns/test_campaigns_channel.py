"""From channel events to the commands of campaigns."""

import pytest

from services.campaigns.channel import APPLY
from services.campaigns.domain import DECIDERS
from services.campaigns.domain.response import RecordResponse
from services.campaigns.domain.touch import RecordAttempt
from shared.contracts.catalogue import CATALOGUE
from shared.events.ids import derived
from shared.receive import Instruct
from shared.testing.controls import heard

OWNED = [contract.type for contract in CATALOGUE.owned_by("campaigns")]
CALL = "channel.call_center.campaign_call_made.v1"
TOUCH, ANSWER = derived("test", "1"), derived("test", "1", "response")


def call(responded):
    """Return a call of two attempts."""
    data = {"campaign_id": "spring", "medium": "cellular", "attempts": 2, "duration_s": 210, "answer": "no"}
    return heard(CALL, {**data, "responded": responded})


def test_every_channel_type_of_campaigns_is_applied():
    """No type is forgotten, and none of another service is taken."""
    assert set(APPLY) == set(OWNED)


@pytest.mark.parametrize("type_", OWNED)
def test_every_channel_type_reaches_an_aggregate(type_):
    """The example of every type becomes commands that their aggregates take."""
    deciders = {d.category: d for d in DECIDERS}

    for instruct in APPLY[type_](heard(type_)):
        decider = deciders[instruct.category]
        assert decider.decide(decider.initial, instruct.command)


def test_every_call_is_a_touch():
    """A call without interest is a touch and nothing else."""
    attempted = RecordAttempt(TOUCH, "spring", "cellular", 2, 210, "no")

    assert APPLY[CALL](call(responded=False)) == [Instruct("touch", TOUCH, attempted)]


def test_a_call_with_interest_is_a_response_too():
    """The response names the touch it answers."""
    instructs = APPLY[CALL](call(responded=True))

    assert instructs[1:] == [
        Instruct("response", ANSWER, RecordResponse(ANSWER, "spring", "call", "cellular", TOUCH))
    ]


def test_a_response_of_its_own_is_no_touch():
    """A click is a response; nobody was called."""
    data = {"campaign_id": "spring", "kind": "click"}
    type_ = "channel.email.campaign_response_received.v1"

    assert APPLY[type_](heard(type_, data)) == [
        Instruct("response", ANSWER, RecordResponse(ANSWER, "spring", "click"))
    ]
