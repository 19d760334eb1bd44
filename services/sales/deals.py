"""Which open deals an event of another aggregate or service concerns."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from services.sales.domain.opportunity import OPPORTUNITY
from services.sales.domain.pipeline import PIPELINE, Pipeline
from shared.decide import Streams
from shared.listing.listing import Listing
from shared.store.lots import in_lots

OPEN, PAGE = {"status": "open"}, 500
# (refs) -> by ref, every ref of its person
Groups = Callable[[Collection[str]], Mapping[str, Collection[str]]]


class Deals:
    """Looks deals up in their list; what it finds is decided on their states all the same."""

    def __init__(self, listing: Listing, streams: Mapping[str, Streams[Any]], groups: Groups) -> None:
        self._listing, self._streams, self._groups = listing, streams, groups

    def of_customers(self, customers: Collection[str]) -> dict[str, list[str]]:
        """Return the open deals of each person, whichever of their refs they were opened under."""
        groups = self._groups(customers) if customers else {}
        known = sorted({ref for group in groups.values() for ref in group})
        lines = [line for lot in in_lots(known) for line in self._listed({"customer": lot})]
        return {
            customer: [line["id"] for line in lines if line["customer"] in group]
            for customer, group in groups.items()
        }

    def in_stage(self, pipeline_id: str, stage: str) -> list[str]:
        """Return the open deals in a stage."""
        listed = [line["id"] for line in self._listed({"pipeline_id": pipeline_id, "stage": stage})]
        loaded = self._streams[OPPORTUNITY.category].load(listed, fresh=True)
        states = {key: found.state for key, found in loaded.items()}
        return [key for key, deal in states.items() if deal.status == "open" and deal.stage == stage]

    def instead(self, pipeline_id: str, stage: str) -> str | None:
        """Return the stage where deals of a retired one belong by now, if it was told."""
        streams: Streams[Pipeline] = self._streams[PIPELINE.category]
        return streams.load([pipeline_id], fresh=True)[pipeline_id].state.instead(stage)

    def _listed(self, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := self._listing.page({**OPEN, **wanted}, found[-1]["id"] if found else None, PAGE):
            found += page
        return found
