"""The terms of a promise to customers: targets, waiting, reopening, escalation, surveys."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shared.values import Between, Code, Length, Positive, Whole

Priority = Literal["low", "normal", "high", "urgent"]
WaitingOn = Literal["customer", "third_party", "date"]
ClockKind = Literal["first_response", "next_response", "resolution"]
SurveyKind = Literal["csat", "nps", "ces"]
Level = Annotated[int, Between(1, 9)]
Codes = Annotated[tuple[Code, ...], Length(0, 100)]


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

    def target(self, priority: str, kind: str) -> int | None:
        """Return the seconds promised, or None where nothing is."""
        return next((t.seconds for t in self.targets if (t.priority, t.kind) == (priority, kind)), None)

    def pauses(self, waiting_on: str) -> bool:
        """Whether waiting on this pauses the resolution clock (T-1)."""
        return waiting_on == "customer" or waiting_on in self.pause_on

    def level_after(self, kind: str) -> int:
        """Return the level a breach of this clock leads to; 0 where it leads nowhere."""
        return max((e.level for e in self.escalate_on_breach if e.kind == kind), default=0)
