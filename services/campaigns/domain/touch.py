"""Touch: one campaign's attempts to reach one person, recorded once."""

from dataclasses import dataclass, field
from typing import Annotated

from services.campaigns.domain.terms import MEDIA, Terms, asking, fit
from shared.decide.decider import Decider
from shared.errors import Conflict
from shared.values import FILLED, Between, Code, Id, Whole

Attempts = Annotated[int, Between(1, 1_000)]


@dataclass(frozen=True, slots=True)
class RecordAttempt:
    """Record that a person was tried to be reached, and what came of it; `customer` says who."""

    touch_id: Id
    campaign_id: Id
    medium: Code
    attempts: Attempts = 1
    duration_s: Whole | None = None
    outcome: Code | None = None
    customer: Id | None = None
    terms: Terms = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ContactAttempted:
    """A person was tried to be reached."""

    campaign_id: Id
    touch_id: Id
    medium: Code
    attempts: Attempts
    duration_s: Whole | None = None
    outcome: Code | None = None


Touch = ContactAttempted | None


def decide(touch: Touch, command: RecordAttempt) -> list[ContactAttempted]:
    """A touch is recorded once; the same again is no news, another is refused."""
    attempted = ContactAttempted(
        command.campaign_id,
        command.touch_id,
        command.medium,
        command.attempts,
        command.duration_s,
        command.outcome,
    )
    if touch not in (None, attempted):
        raise Conflict(f"touch {command.touch_id} was recorded before with other content")
    if touch:
        return []
    fit(command.terms, ("/medium", command.medium))
    return [attempted]


def evolve(_: Touch, event: ContactAttempted) -> Touch:
    """Remember what was recorded."""
    return event


TOUCH: Decider[Touch] = Decider(
    category="touch",
    service="campaigns",
    initial=None,
    decide=decide,
    evolve=evolve,
    events=(ContactAttempted,),
    commands={"record": RecordAttempt},
    opens=(RecordAttempt,),
    facts={RecordAttempt: asking(MEDIA)},
)
