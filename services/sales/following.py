"""Plan reactions: by the table, and for some events on the deals that they concern."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.sales.deals import Deals
from services.sales.domain.opportunity import OPPORTUNITY, MoveStage, NotifyOwner
from services.sales.reactions import REACTIONS
from shared.decide import Streams
from shared.errors import Rejected
from shared.events import Event
from shared.people import People
from shared.react import context_of
from shared.receive import Instruct
from shared.receive.plan import Plan, Working


def stage_retired(event: Event, deals: Deals) -> list[Instruct]:
    """Deals in a retired stage go where it says that they belong (S-8)."""
    pipeline_id, stage = event.data["pipeline_id"], event.data["stage"]
    to = deals.instead(pipeline_id, stage)
    if to is None:
        return []
    moves = (MoveStage(key, to, at=event.occurred_at) for key in deals.in_stage(pipeline_id, stage))
    return [Instruct(OPPORTUNITY.category, move.opportunity_id, move) for move in moves]


def value_tier_changed(event: Event, deals: Sequence[str]) -> list[Instruct]:
    """Who looks after an open deal is told that its customer is worth more, or less."""
    data, tiers = event.data, [event.data.get(name) or "none" for name in ("from_tier", "to_tier")]
    told = (f"value tier: {tiers[0]} to {tiers[1]}, by {data['model_version']}", event.id)
    notices = (NotifyOwner(key, "value_tier", *told) for key in deals)
    return [Instruct(OPPORTUNITY.category, notice.opportunity_id, notice) for notice in notices]


STAGE_RETIRED = "rapport.sales.StageRetired.v1"
TIER_CHANGED = "rapport.analytics.CustomerValueTierChanged.v1"


class Following:
    """Callable with events: one plan or refusal for each, None where one means nothing here."""

    def __init__(self, streams: Mapping[str, Streams[Any]], deals: Deals, people: People) -> None:
        self._streams, self._deals, self._people = streams, deals, people

    def __call__(self, events: Sequence[Event], fresh: bool) -> list[Plan | Rejected | None]:
        """Return what each event causes."""
        known = self._people.writes(events)
        customers = {e.data["customer"] for e in events if e.full_type == TIER_CHANGED}
        deals = self._deals.of_customers(customers)
        instructions = [self._instructions(event, deals) for event in events]
        working = Working("sales", self._streams, fresh)
        working.read(i for several in instructions for i in several)
        return [
            self._plan(e, several, known.get(e.id, []), working)
            for e, several in zip(events, instructions, strict=True)
        ]

    def _instructions(self, event: Event, deals: Mapping[str, Sequence[str]]) -> Sequence[Instruct]:
        if event.full_type == STAGE_RETIRED:
            return stage_retired(event, self._deals)
        if event.full_type == TIER_CHANGED:
            return value_tier_changed(event, deals[event.data["customer"]])
        return REACTIONS[event.full_type](event)

    def _plan(
        self, event: Event, instructions: Sequence[Instruct], writes: Sequence[Any], working: Working
    ) -> Plan | Rejected | None:
        if not instructions and not writes:
            return None
        try:
            plan = working.decide_in(context_of(event, "sales"), instructions)
        except Rejected as refused:
            return refused
        plan.writes += writes
        return plan
