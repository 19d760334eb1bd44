"""Plan reactions: by the table, with what is known of people, and with what ends for them at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.campaigns.domain.message import MESSAGE, Message, provider_id
from services.campaigns.domain.recipient import Recipient, Whole, persons
from services.campaigns.looking import Looking
from services.campaigns.reactions import HEARD
from services.campaigns.reactions.book import Book
from services.campaigns.reactions.endings import ENDING, about, exits, suppressions
from services.campaigns.reactions.people import KEPT_RECIPIENTS, KEPT_TICKETS, LEARNED
from shared.decide import Streams
from shared.errors import Rejected
from shared.events import Event
from shared.events.clock import Clock
from shared.listing.listing import Listing
from shared.mail.claims import EFFECTS, withheld
from shared.react import context_of, refused
from shared.receive.heard import Instruct
from shared.receive.plan import Plan, Working
from shared.store.port import Store
from shared.store.write import Write

MOST = 200  # queued messages of one person that are looked at at once; the others are judged at their turn


class Following:
    """Callable with events: one plan for each, None where one means nothing here."""

    def __init__(
        self,
        store: Store,
        streams: Mapping[str, Streams[Any]],
        messages: Listing,
        looking: Looking,
        clock: Clock,
    ) -> None:
        self._store, self._streams, self._messages, self._clock = store, streams, messages, clock
        self._looking, self.reactions = looking, {**HEARD, **looking.reactions}

    def __call__(self, events: Sequence[Event], fresh: bool) -> list[Plan | None]:
        """Return what each event causes, later ones on what earlier ones told."""
        people, tickets = Book(self._store, KEPT_RECIPIENTS), Book(self._store, KEPT_TICKETS)
        people.read(events)
        tickets.read(events)
        kept = self._looking.writes(events)
        instructions = [list(self.reactions[event.full_type](event)) for event in events]
        working = Working(self._store.service, self._streams, fresh)
        working.read(i for several in instructions for i in several)
        return [
            self._one(e, several, working, people, [*kept.get(e.id, ()), *people.learn(e), *tickets.learn(e)])
            for e, several in zip(events, instructions, strict=True)
        ]

    def _one(
        self,
        event: Event,
        instructions: list[Instruct],
        working: Working,
        people: Book[Recipient],
        learned: list[Write],
    ) -> Plan | None:
        if not instructions and event.full_type not in LEARNED:
            return None
        ending, withholding = self._endings(event, people) if event.type in ENDING else ([], [])
        working.read(ending)
        try:
            plan = working.decide_in(context_of(event, self._store.service), [*instructions, *ending])
        except Rejected as error:
            return Plan(writes=[*learned, refused(event, error, self._clock)])
        plan.writes += [*learned, *withholding]
        return plan

    def _endings(self, event: Event, people: Book[Recipient]) -> tuple[list[Instruct], list[Write]]:
        """Return what ends for the person, and the claims by which no sender takes what is suppressed."""
        (whole,) = persons([about(event)], people.load).values()
        waiting = self._waiting(whole)
        ended = suppressions(whole, waiting.values(), event.recorded_at)
        claims: list[Write] = [withheld(_claim(waiting[i.key]), event.recorded_at) for i in ended]
        return [*exits(event, whole), *ended], claims

    def _waiting(self, whole: Whole) -> dict[str, Message]:
        """Return the messages that wait for a person and that no sender holds."""
        pages = (self._messages.page({"waiting_for": key}, None, MOST) for key in whole.group)
        keys = [line["id"] for lines in pages for line in lines]
        loaded = self._streams[MESSAGE.category].load(keys, fresh=True) if keys else {}
        found: dict[str, Message] = {key: one.state for key, one in loaded.items()}
        held = self._store.fetch(EFFECTS, [_claim(message) for message in found.values()]) if found else {}
        return {key: message for key, message in found.items() if _claim(message) not in held}


def _claim(message: Message) -> str:
    return provider_id(message.queued.message_id if message.queued else "", message.attempt)
