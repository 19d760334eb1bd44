"""From channel events to the commands of support."""

import pytest

from services.support.channel import APPLY
from services.support.domain import DECIDERS
from services.support.domain.ticket import OpenTicket, ReceiveMessage
from shared.contracts.catalogue import CATALOGUE
from shared.receive import Instruct
from shared.testing.controls import WHEN, heard

OWNED = [contract.type for contract in CATALOGUE.owned_by("support")]


def test_every_channel_type_of_support_is_applied():
    """No type is forgotten, and none of another service is taken."""
    assert set(APPLY) == set(OWNED)


@pytest.mark.parametrize("type_", OWNED)
def test_every_channel_type_reaches_an_aggregate(type_):
    """The example of every type becomes a command that its aggregate takes."""
    deciders = {d.category: d for d in DECIDERS}

    for instruct in APPLY[type_](heard(type_)):
        decider = deciders[instruct.category]
        assert decider.decide(decider.initial, instruct.command)


@pytest.mark.parametrize(("told", "taken"), [(None, "normal"), ("urgent", "urgent")])
def test_a_ticket_without_priority_is_a_normal_one(told, taken):
    """The stream is named by the ticket number as given."""
    type_ = "channel.chat.ticket_opened.v1"
    data = {"ticket_no": "T1", "subject": "Where is it?", "priority": told}

    assert APPLY[type_](heard(type_, data)) == [
        Instruct("ticket", "T1", OpenTicket("T1", "Where is it?", priority=taken, channel="chat", at=WHEN))
    ]


def test_a_message_goes_to_its_ticket():
    """Whatever channel it comes by."""
    type_ = "channel.email.ticket_message_received.v1"

    assert APPLY[type_](heard(type_, {"ticket_no": "T1", "message": "Still nothing"})) == [
        Instruct("ticket", "T1", ReceiveMessage("T1", "Still nothing", at=WHEN))
    ]
