"""The terms of a promise to customers: targets, waiting, reopening, escalation, surveys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from shared.errors import FieldError
from shared.values import Between, Code, Length, Positive, Whole

Priority = Literal["low", "normal", "high", "urgent"]
WaitingOn = Literal["customer", "third_party", "date"]
ClockKind = Literal["first_response", "next_response", "resolution"]
SurveyKind = Literal["csat", "nps", "ces"]
SurveyTrigger = Literal["resolution", "by_hand"]
Level = Annotated[int, Between(1, 9)]
Codes = Annotated[tuple[Code, ...], Length(0, 100)]
LONGEST_S = 3_660 * 86_400  # ten years
TOO_LONG = f"is longer than {LONGEST_S} seconds, which is ten years"


@dataclass(frozen=True, slots=True)
class Target:
    """How many seconds of business time one clock may run for tickets of one priority."""

    priority: Priority
    kind: ClockKind
    seconds: Positive


@dataclass(frozen=True, slots=True)
class Escalation:
    """The level a ticket goes up to when a clock of this kind is breached."""

    kind: ClockKind
    level: Level


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy promises.

    Waiting on the customer always pauses the resolution clock; `pause_on` names what else does. A resolved
    ticket may be reopened for `reopen_window_s` (0: for ever); thanks within `courtesy_s` do not reopen it.
    `survey` is asked for when a person resolved the ticket, also without one if `survey_automatic`, and of
    customers in one of `survey_segments` alone, if any are named. `escalate_on_breach` says how high a ticket
    goes; `on_problem_resolved` whether its customer or only we hear that the problem behind it is solved.
    """

    targets: Annotated[tuple[Target, ...], Length(1, 12)]
    pause_on: Annotated[tuple[WaitingOn, ...], Length(0, 3)] = ()
    on_reopen: Literal["continue", "restart"] = "continue"
    reopen_window_s: Whole = 0
    courtesy_s: Whole = 0
    survey: SurveyKind | None = None
    survey_days: Annotated[int, Between(1, 365)] = 14
    survey_automatic: bool = False
    survey_segments: Codes = ()
    escalate_on_breach: Annotated[tuple[Escalation, ...], Length(0, 3)] = ()
    on_problem_resolved: Literal["note", "reply"] = "note"

    def wrong(self, at: str = "/terms") -> Iterator[FieldError]:
        """Yield what is wrong with the terms, which are found `at` this pointer."""
        named = [(t.priority, t.kind) for t in self.targets]
        if len(set(named)) < len(named):
            yield FieldError(f"{at}/targets", "names a clock of one priority twice")
        seconds = {f"targets/{i}/seconds": target.seconds for i, target in enumerate(self.targets)}
        seconds |= {"reopen_window_s": self.reopen_window_s, "courtesy_s": self.courtesy_s}
        yield from (FieldError(f"{at}/{name}", TOO_LONG) for name, s in seconds.items() if s > LONGEST_S)

    def target(self, priority: str, kind: str) -> int | None:
        """Return the seconds promised, or None where nothing is."""
        return next((t.seconds for t in self.targets if (t.priority, t.kind) == (priority, kind)), None)

    def pauses(self, waiting_on: str) -> bool:
        """Whether waiting on this pauses the resolution clock (T-1)."""
        return waiting_on == "customer" or waiting_on in self.pause_on

    def level_after(self, kind: str) -> int:
        """Return the level a breach of this clock leads to; 0 where it leads nowhere."""
        return max((e.level for e in self.escalate_on_breach if e.kind == kind), default=0)
