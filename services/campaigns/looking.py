"""Reactions that look something up: the journeys of a segment, and every ref of a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.campaigns.domain.enrolment import ENROLMENT, Enroll, ExitEnrollment, enrolment_id
from services.campaigns.reactions.orders import order_placed
from shared.decide import Streams
from shared.events import Event
from shared.listing.listing import Listing
from shared.people import People
from shared.react import React
from shared.receive.heard import Instruct
from shared.service.preparing import Prepared
from shared.store.write import Write

JOURNEYS = 200
Persons = Callable[[str], Sequence[str]]


class Looking:
    """Reactions by type that need more than their event, and the refs of persons, which follow contacts."""

    def __init__(self, streams: Mapping[str, Streams[Any]], journeys: Listing, refs: People) -> None:
        self._enrolments, self._journeys, self._refs = streams[ENROLMENT.category], journeys, refs
        self.reactions: dict[str, React] = {
            "rapport.sales.OrderPlaced.v1": self._order_placed,
            "rapport.analytics.SegmentEntered.v1": self._segment_entered,
            "rapport.analytics.SegmentExited.v1": self._segment_exited,
        }

    def writes(self, events: Sequence[Event]) -> Mapping[str, Sequence[Write]]:
        """Return, by event, the writes by which the refs of persons follow."""
        return self._refs.writes(events)

    def _order_placed(self, event: Event) -> list[Instruct]:
        """The offer is told of every ref that is the person, for a code may have been given to another."""
        return [_of_all(instruct, self._refs.group) for instruct in order_placed(event)]

    def _segment_entered(self, event: Event) -> list[Instruct]:
        """Who enters a segment begins the journeys that wait for that."""
        person = str(event.data["customer"])
        keys = [str(line["id"]) for line in self._waiting(event) if line["status"] == "published"]
        commands = [Enroll(enrolment_id(key, person), key, person, event.occurred_at) for key in keys]
        return [Instruct(ENROLMENT.category, c.enrolment_id, c) for c in commands]

    def _segment_exited(self, event: Event) -> list[Instruct]:
        """Who leaves it leaves the journeys that say so, also those that take nobody any more."""
        person = str(event.data["customer"])
        keys = [
            enrolment_id(line["id"], person)
            for line in self._waiting(event)
            if line.get("exit_on_segment_exit")
        ]
        begun = self._enrolments.load(keys, fresh=True) if keys else {}
        return [
            Instruct(ENROLMENT.category, key, ExitEnrollment(key, "segment"))
            for key, found in begun.items()
            if found.version
        ]

    def _waiting(self, event: Event) -> list[dict[str, Any]]:
        return self._journeys.page({"enter_on_segment": str(event.data["segment_id"])}, None, JOURNEYS)


def under_all_refs(persons: Persons, command: Any) -> Prepared:
    """Return a command about a person with every ref of that person."""
    contact_id = getattr(command, "contact_id", None)
    if contact_id is None or not hasattr(command, "persons"):
        return Prepared(command)
    return Prepared(replace(command, persons=tuple(persons(contact_id))))


def _of_all(instruct: Instruct, persons: Persons) -> Instruct:
    return replace(instruct, command=under_all_refs(persons, instruct.command).command)
