"""The steps of a journey, and how a person walks through them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from shared.errors import FieldError
from shared.values import Between, Code, Id, Length

Kind = Literal["send", "wait", "branch", "exit"]
Signal = Literal["opened", "clicked", "replied"]
Seconds = Annotated[int, Between(1, 31_536_000)]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `send` names a template, `wait` its seconds, `exit` a reason.

    `branch` goes on at the step `then` when the person gave the signal, else at `otherwise`, or at the next.
    Only what a person did is a signal: machines advance no journey (M-5).
    """

    name: Code
    kind: Kind
    template_id: Id | None = None
    seconds: Seconds | None = None
    signal: Signal | None = None
    then: Code | None = None
    otherwise: Code | None = None
    reason: Code | None = None


Steps = Annotated[tuple[Step, ...], Length(1, 50)]
NEEDED = {"send": ("template_id",), "wait": ("seconds",), "branch": ("signal", "then"), "exit": ("reason",)}


def wrong(steps: Sequence[Step]) -> Iterator[FieldError]:
    """Yield what is wrong with the steps; branches lead forward only, so that every journey ends."""
    names = [step.name for step in steps]
    if len(set(names)) < len(names):
        yield FieldError("/steps", "has a name twice")
    for index, step in enumerate(steps):
        for needed in NEEDED[step.kind]:
            if getattr(step, needed) is None:
                yield FieldError(f"/steps/{index}/{needed}", f"is needed to {step.kind}")
        for target in (step.then, step.otherwise):
            if target is not None and target not in names[index + 1 :]:
                yield FieldError(f"/steps/{index}", f"{target} is no later step")


def following(steps: Sequence[Step], index: int, signals: frozenset[str]) -> int:
    """Return the index of the step after this one; the number of steps is the end."""
    step = steps[index]
    if step.kind == "branch":
        target = step.then if step.signal in signals else step.otherwise
        if target is not None:
            return next(i for i, other in enumerate(steps) if other.name == target)
    return index + 1
