"""What a command has to know of other aggregates of the service before it is decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

Name = tuple[str, str]  # category and id of an aggregate


@dataclass(frozen=True, slots=True)
class Facts:
    """`needs(state, command)` names other aggregates; `told(their states)` fills the command's `field`,
    which is declared with the metadata `shared.values.FILLED`.

    So `decide` stays pure and sees facts as data of the command. What it was told belongs to the commit:
    an aggregate that was read and has moved on since lets the commit be refused and decided again
    (tests/unit/receive/test_facts.py).
    """

    field: str
    needs: Callable[[Any, Any], Sequence[Name]]
    told: Callable[[Sequence[Any]], Any]

    def inform(self, command: Any, states: Sequence[Any]) -> Any:
        """Return the command with its facts, given the states of what it needs."""
        return replace(command, **{self.field: self.told(states)})
