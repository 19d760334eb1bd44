"""Plan reactions by a pure table: what an event means is said without looking anything up."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.decide import Context, Streams
from shared.errors import Rejected
from shared.events import Event
from shared.events.event import Meta
from shared.receive.heard import Instruct
from shared.receive.plan import Plan, Working

# (event) -> instructions; a service that plans by itself may tell its functions more.
React = Callable[..., Sequence[Instruct]]


class ByTable:
    """Callable with events: one plan or refusal for each, None where one means nothing here."""

    def __init__(
        self, service: str, streams: Mapping[str, Streams[Any]], reactions: Mapping[str, React]
    ) -> None:
        self._service, self._streams, self._reactions = service, streams, reactions

    def __call__(self, events: Sequence[Event], fresh: bool) -> list[Plan | Rejected | None]:
        """Return what each event causes."""
        instructions = [self._reactions[e.full_type](e) for e in events]
        working = Working(self._service, self._streams, fresh)
        working.read(i for several in instructions for i in several)
        return [
            self._plan(e, several, working) if several else None
            for e, several in zip(events, instructions, strict=True)
        ]

    def _plan(self, event: Event, instructions: Sequence[Instruct], working: Working) -> Plan | Rejected:
        try:
            return working.decide_in(context_of(event, self._service), instructions)
        except Rejected as error:
            return error


def context_of(event: Event, service: str) -> Context:
    """Return the context of commands that an event causes here: same correlation, caused by the event."""
    meta = Meta(
        command_id=f"{service}<{event.id}",
        correlation_id=event.meta.correlation_id,
        causation_id=event.id,
        actor=f"system:{event.service}",
        channel=event.meta.channel,
        customer=event.meta.customer,
        traceparent=event.meta.traceparent,
    )
    return Context(event.recorded_at, meta)
