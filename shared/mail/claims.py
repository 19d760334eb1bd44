"""Claims: before a message leaves, it is written down that it may have left.

They are effects as `shared.consume.effects` keeps them: `started`, then `done` or `unknown`; one per message
and attempt, for ever (M-1).
"""

from collections.abc import Sequence
from datetime import datetime

from shared.consume.effects import State
from shared.store.port import Commit, Done, Store
from shared.store.write import Insert, Put, Remove

EFFECTS, REACTION = "effects", "send"


def claim(store: Store, names: Sequence[str], at: datetime) -> set[str]:
    """Claim what is to be sent, durably and before anything is sent; return what nobody claimed before."""
    commits = [Commit((), (Insert(EFFECTS, _effect(name, State.STARTED, at)),)) for name in names]
    outcomes = store.commit(commits) if commits else []
    return {name for name, outcome in zip(names, outcomes, strict=True) if isinstance(outcome, Done)}


def withheld(name: str, at: datetime) -> Insert:
    """Return the write that keeps a message from being claimed; refused when somebody may have sent it."""
    return Insert(EFFECTS, _effect(name, State.DONE, at, "withheld"))


def settled(name: str, state: State, at: datetime, note: str = "") -> Put:
    """Return the write that says how it ended."""
    return Put(EFFECTS, _effect(name, state, at, note))


def released(name: str) -> Remove:
    """Return the write that gives the claim back: the message certainly did not leave."""
    return Remove(EFFECTS, name)


def _effect(name: str, state: State, at: datetime, note: str = "") -> dict[str, object]:
    return {
        "_id": name,
        "reaction": REACTION,
        "event_id": name,
        "state": state.value,
        "at": at,
        "note": note,
    }
