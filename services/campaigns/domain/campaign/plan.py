"""The parts of a campaign's plan."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from shared.values import Between, Code, Id, Length, Matching

Name = Annotated[str, Length(1, 200)]
Channels = Annotated[tuple[Code, ...], Length(0, 20)]
Templates = Annotated[tuple[Id, ...], Length(0, 10)]
Members = Annotated[tuple[Id, ...], Length(1, 200_000)]
Share = Annotated[float, Between(0, 0.9)]
Hold = Literal["none", "escalated", "open"]
Clock = Annotated[str, Matching(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "needs to be a time such as 21:30")]


@dataclass(frozen=True, slots=True)
class Objective:
    """What the campaign is for: `metric` is to move from a measured `baseline` to `target` by a day."""

    metric: Code
    baseline: float
    target: float
    by: date


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which the campaign is open."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class QuietHours:
    """No message leaves between `begins` and `ends` on the clocks of `zone`; they may span midnight."""

    begins: Clock
    ends: Clock
    zone: Code = "UTC"
