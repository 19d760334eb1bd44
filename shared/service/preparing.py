"""What a service adds to a command given over HTTP before it is decided."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.store.write import Write


@dataclass(frozen=True, slots=True)
class Prepared:
    """A command with nothing missing, the writes that travel with its events, and whom they are about."""

    command: Any
    writes: Sequence[Write] = ()
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Preparing:
    """The hooks of an aggregate, allowed to look things up and to refuse.

    `resolve` leads an id to the one that goes on in its stead; `complete` fills the fields declared
    with `FILLED`: what takes a key, the clock or another aggregate to know. `state` gives what is
    shown in the place of the state, where documents know more than the stream; None when nothing is known.
    """

    resolve: Callable[[str], str] = str
    complete: Callable[[Any], Prepared] = Prepared
    state: Callable[[str], Mapping[str, Any] | None] | None = None
