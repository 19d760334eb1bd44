"""Which open deals an event of another aggregate or service concerns."""

from collections.abc import Mapping
from typing import Any

from services.sales.domain.opportunity import OPPORTUNITY
from services.sales.domain.pipeline import PIPELINE, Pipeline
from shared.decide import Streams
from shared.listing.listing import Listing
from shared.service.list_routes import KnownAs

OPEN, PAGE = {"status": "open"}, 500


class Deals:
    """Looks deals up in their list; what it finds is decided on their states all the same."""

    def __init__(self, listing: Listing, streams: Mapping[str, Streams[Any]], known_as: KnownAs) -> None:
        self._listing, self._streams, self._known_as = listing, streams, known_as

    def of_customer(self, customer: str) -> list[str]:
        """Return the open deals of a person, whichever of their refs they were opened under."""
        return self._listed({"customer": self._known_as(customer)})

    def in_stage(self, pipeline_id: str, stage: str) -> list[str]:
        """Return the open deals in a stage."""
        listed = self._listed({"pipeline_id": pipeline_id, "stage": stage})
        loaded = self._streams[OPPORTUNITY.category].load(listed, fresh=True)
        states = {key: found.state for key, found in loaded.items()}
        return [key for key, deal in states.items() if deal.status == "open" and deal.stage == stage]

    def instead(self, pipeline_id: str, stage: str) -> str | None:
        """Return the stage where deals of a retired one belong by now, if it was told."""
        streams: Streams[Pipeline] = self._streams[PIPELINE.category]
        return streams.load([pipeline_id], fresh=True)[pipeline_id].state.instead(stage)

    def _listed(self, wanted: Mapping[str, Any]) -> list[str]:
        found: list[str] = []
        while page := self._listing.page({**OPEN, **wanted}, found[-1] if found else None, PAGE):
            found += [line["id"] for line in page]
        return found
