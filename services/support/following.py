"""Plan reactions: by the table, and what support keeps of other services' facts goes with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.support.known import written
from services.support.reactions import REACTIONS
from shared.errors import Rejected
from shared.events import Event
from shared.people import People
from shared.react import React, context_of
from shared.receive.plan import Plan, Working
from shared.store.write import Write


class Following:
    """Callable with events: one plan, or refusal, for each."""

    def __init__(
        self, service: str, streams: Any, people: People, reactions: Mapping[str, React] = REACTIONS
    ) -> None:
        self._service, self._streams, self._reactions = service, streams, reactions
        self._people = people

    def __call__(self, events: Sequence[Event], fresh: bool) -> list[Plan | Rejected | None]:
        """Return what each event causes, None where it is nothing."""
        refs = self._people.writes(events)
        instructions = [self._reactions[event.full_type](event) for event in events]
        working = Working(self._service, self._streams, fresh)
        working.read(i for several in instructions for i in several)
        return [
            self._plan(e, i, [*written(e), *refs.get(e.id, ())], working)
            for e, i in zip(events, instructions, strict=True)
        ]

    def _plan(
        self, event: Event, instructions: Sequence[Any], writes: Sequence[Write], working: Working
    ) -> Plan | Rejected | None:
        if not (instructions or writes):
            return None
        try:
            plan = working.decide_in(context_of(event, self._service), instructions)
        except Rejected as refused:
            return refused
        plan.writes += writes
        return plan
