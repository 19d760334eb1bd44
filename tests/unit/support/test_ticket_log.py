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
def vault():
    """Return a vault without keys."""
    return Vault(MemoryKeyStore())


@pytest.fixture
def streams(vault):
    """Return the tickets of a log in memory."""
    return streams_of(MemoryStore("support"), [TICKET, VOCABULARY], vault)[TICKET.category]


def _do(streams, command, command_id, customer=PERSON):
    streams.handle("T1", command, Context(WHEN, meta(command_id=command_id, customer=customer)))


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


def test_a_message_that_came_before_its_ticket_goes_dark_with_the_person(streams, vault):
    """Nobody knew whose it was when it was sealed; once the ticket tells, it ends with that person's key."""
    _do(streams, ReceiveMessage("T1", "Where is it?", at=WHEN), "1", customer=None)
    _do(streams, OpenTicket("T1", "Parcel", "Hello", at=WHEN), "2")
    [early, _] = streams.store.read_stream("ticket-T1")
    assert vault.open(early.data["message"], "ticket-T1", "message") == "Where is it?"

    vault.destroy([PERSON], WHEN)

    elsewhere = Vault(vault._keys)
    assert elsewhere.open(early.data["message"], "ticket-T1", "message") is None


def test_who_repeats_what_is_known_does_not_make_a_nameless_ticket_their_own(streams, vault):
    """Nothing is recorded of the second telling, so nothing of the ticket ends with that person."""
    _do(streams, OpenTicket("T1", "Parcel", "Hello", at=WHEN), "1", customer=None)
    _do(streams, OpenTicket("T1", "Parcel", "Hello", at=WHEN), "2")

    vault.destroy([PERSON], WHEN)

    [opened] = streams.store.read_stream("ticket-T1")
    assert Vault(vault._keys).open(opened.data["message"], "ticket-T1", "message") == "Hello"
