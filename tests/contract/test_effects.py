"""The side-effect ledger, on every store."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from shared.consume.effects import EffectLedger, EffectStore, State, Unsent, effect_id
from shared.consume.effects_memory import MemoryEffects
from shared.consume.effects_mongo import MongoEffects
from shared.store.client import connect
from tests.unit.examples import MOMENT, event


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.integration)])
def store(request: pytest.FixtureRequest) -> Iterator[EffectStore]:
    """An empty store."""
    if request.param == "memory":
        yield MemoryEffects()
        return
    client = connect(request.getfixturevalue("mongodb_url"))
    name = f"effects_{uuid4().hex[:8]}"
    effects = MongoEffects(client[name])
    effects.ensure_indexes()
    yield effects
    client.drop_database(name)
    client.close()


@pytest.fixture
def ledger(store: EffectStore) -> EffectLedger:
    """A ledger over the store."""
    return EffectLedger(store, lambda: MOMENT)


def failing(error: BaseException) -> Callable[[], None]:
    """Return an action that fails."""

    def act() -> None:
        raise error

    return act


def test_an_effect_happens_once(ledger: EffectLedger) -> None:
    """Redelivery of the event does not repeat it; another reaction to the event is another effect."""
    sent: list[str] = []
    for _ in range(3):
        assert ledger.once(event(1), "mail", lambda: sent.append("mail")) is State.DONE
    ledger.once(event(1), "call", lambda: sent.append("call"))
    assert sent == ["mail", "call"]


def test_a_replay_has_no_effects(ledger: EffectLedger, store: EffectStore) -> None:
    """A rebuild runs no action and leaves no trace."""
    assert ledger.once(event(1), "mail", failing(AssertionError()), replay=True) is None
    assert store.get(effect_id(event(1), "mail")) is None


def test_an_unknown_outcome_is_parked(ledger: EffectLedger, store: EffectStore) -> None:
    """An action that failed may have happened: it is listed and not repeated."""
    assert ledger.once(event(1), "mail", failing(TimeoutError("gateway"))) is State.UNKNOWN
    assert ledger.once(event(1), "mail", failing(AssertionError())) is State.UNKNOWN
    [parked] = store.unknown()
    assert (parked.reaction, parked.event_id) == ("mail", "e1")
    assert "gateway" in parked.note


def test_a_crash_in_the_middle_is_parked(ledger: EffectLedger, store: EffectStore) -> None:
    """A process that died while acting leaves an effect whose outcome nobody knows."""
    with pytest.raises(KeyboardInterrupt):
        ledger.once(event(1), "mail", failing(KeyboardInterrupt()))
    assert ledger.once(event(1), "mail", failing(AssertionError())) is State.UNKNOWN
    assert [effect.note for effect in store.unknown()] == ["the process ended in the middle"]


def test_an_action_that_knows_it_had_no_effect_is_tried_again(ledger: EffectLedger) -> None:
    """Unsent takes the attempt back."""
    with pytest.raises(Unsent):
        ledger.once(event(1), "mail", failing(Unsent("refused at the door")))
    assert ledger.once(event(1), "mail", lambda: None) is State.DONE
