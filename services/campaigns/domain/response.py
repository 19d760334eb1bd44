"""Response: a person answered a campaign, recorded once."""

from dataclasses import dataclass, field
from typing import Literal

from services.campaigns.domain.terms import MEDIA, Terms, asking, fit
from shared.decide.decider import Decider
from shared.errors import Conflict
from shared.values import FILLED, Code, Id

Kind = Literal["reply", "call", "visit", "form", "purchase", "click"]


@dataclass(frozen=True, slots=True)
class RecordResponse:
    """Record that a person answered a campaign; `customer` says who."""

    response_id: Id
    campaign_id: Id
    kind: Kind
    medium: Code | None = None
    touch_id: Id | None = None
    customer: Id | None = None
    terms: Terms = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class CampaignResponseRecorded:
    """A person answered a campaign; `touch_id` names the attempt that was answered, if known."""

    campaign_id: Id
    response_id: Id
    kind: Kind
    medium: Code | None = None
    touch_id: Id | None = None


Response = CampaignResponseRecorded | None


def decide(response: Response, command: RecordResponse) -> list[CampaignResponseRecorded]:
    """A response is recorded once; the same again is no news, another is refused."""
    recorded = CampaignResponseRecorded(
        command.campaign_id, command.response_id, command.kind, command.medium, command.touch_id
    )
    if response not in (None, recorded):
        raise Conflict(f"response {command.response_id} was recorded before with other content")
    if response:
        return []
    fit(command.terms, ("/medium", command.medium))
    return [recorded]


def evolve(_: Response, event: CampaignResponseRecorded) -> Response:
    """Remember what was recorded."""
    return event


RESPONSE: Decider[Response] = Decider(
    category="response",
    service="campaigns",
    initial=None,
    decide=decide,
    evolve=evolve,
    events=(CampaignResponseRecorded,),
    commands={"record": RecordResponse},
    opens=(RecordResponse,),
    facts={RecordResponse: asking(MEDIA)},
)
