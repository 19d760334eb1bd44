"""What a command has to know of other aggregates of the service before it is decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

Name = tuple[str, str]  # category and id of an aggregate
Look = Callable[[Sequence[Name]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Facts:
    """`needs(state, command)` names other aggregates; `told(their states)` fills the command's `field`,
    which is declared with the metadata `shared.values.FILLED`.

    So `decide` stays pure and sees facts as data of the command. Facts are read, not locked: another command
    may change them at the same moment. A rule that must not be missed belongs into one aggregate.
    """

    field: str
    needs: Callable[[Any, Any], Sequence[Name]]
    told: Callable[[Sequence[Any]], Any]

    def inform(self, state: Any, command: Any, look: Look) -> Any:
        """Return the command with its facts."""
        return replace(command, **{self.field: self.told(look(self.needs(state, command)))})
