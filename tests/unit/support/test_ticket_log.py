"""Tickets through the log: texts sealed, state folded again."""

import pytest

from services.support.domain.ticket import TICKET, OpenTicket, ReceiveMessage
from services.support.domain.vocabularies import VOCABULARY
from shared.decide import Context, streams_of
from shared.privacy import MemoryKeyStore, Vault
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, meta

PERSON = "c-1"


@pytest.fixture
def streams():
    """Return the tickets of a log in memory."""
    store, vault = MemoryStore("support"), Vault(MemoryKeyStore())
    return streams_of(store, [TICKET, VOCABULARY], vault)[TICKET.category]


def _do(streams, command, command_id):
    streams.handle("T1", command, Context(WHEN, meta(command_id=command_id, customer=PERSON)))


@pytest.mark.parametrize("text", ["Where is it?", "\N{PACKAGE}" * 20_000])
def test_sealed_texts_pass_their_contract(streams, text):
    """Even the longest message of the widest characters fits when it is sealed."""
    _do(streams, OpenTicket("T1", "Parcel", text, at=WHEN), "1")

    [opened] = streams.store.read_stream("ticket-T1")
    assert opened.data["message"].startswith(f"sealed:{PERSON}:")
    assert TICKET.contracts()[0].check(dict(opened.data))


def test_a_ticket_comes_back_from_the_log(streams):
    """Its state is the fold of its events; the same ticket told again is recognised."""
    _do(streams, OpenTicket("T1", "Parcel", "Where is it?", at=WHEN), "1")
    _do(streams, ReceiveMessage("T1", "Still nothing", at=WHEN), "2")
    _do(streams, OpenTicket("T1", "Parcel", "Where is it?", at=WHEN), "3")

    assert [e.type for e in streams.store.read_stream("ticket-T1")] == [
        "TicketOpened",
        "CustomerMessageReceived",
    ]
    assert streams.load(["T1"], fresh=True)["T1"].state.status == "new"
