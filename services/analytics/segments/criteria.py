"""What customers are assessed by, and what is known of them, as the folds have it now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.analytics.domain.rating import STANDING_RATING
from services.analytics.predictions.models import Fitted
from services.analytics.predictions.store import FittedModels
from services.analytics.segments.assessing import Criteria, criteria_of
from services.analytics.segments.rating import Yardstick
from services.analytics.views.segments import SEGMENTS, Segment, segment_of
from services.analytics.views.traits import TRAITS
from shared.contracts.payload import to_data
from shared.decide import Streams
from shared.errors import NotFound
from shared.project.pointer import Views
from shared.store.client import answering
from shared.store.lots import in_lots

View = Mapping[str, Any]
VALUE = "value"
LOT = 500


class InForce:
    """Reads the definitions, the yardstick and the traits of customers."""

    def __init__(
        self, views: Views, scales: Streams[Any], ratings: Streams[Any], fitted: FittedModels
    ) -> None:
        self._views, self._scales, self._ratings, self._fitted = views, scales, ratings, fitted

    def criteria(self) -> Criteria:
        """Return the rules and the yardstick in force."""
        return criteria_of(self.segments(), self.yardstick())

    def segments(self) -> list[Segment]:
        """Return every segment, by id."""
        with answering():
            found = list(self._views.collection(SEGMENTS.name).find({}))
        return sorted(map(segment_of, found), key=lambda segment: segment.id)

    def segment(self, key: str) -> Segment:
        """Return one segment. Raises NotFound."""
        with answering():
            found = self._views.collection(SEGMENTS.name).find_one({"_id": key})
        if found is None:
            raise NotFound(f"there is no segment {key}")
        return segment_of(found)

    def yardstick(self) -> Yardstick:
        """Return the scale, the limits and the churn model in force."""
        scale = self._scales.refresh([VALUE])[VALUE].state
        rating = self._ratings.refresh([STANDING_RATING])[STANDING_RATING].state
        return Yardstick(scale, rating, self.churn())

    def churn(self) -> Fitted | None:
        """Return the churn model fitted last."""
        return self._fitted.latest("churn")

    def rating(self, key: str) -> View | None:
        """Return the rating in force under its one key, published or not; None under any other."""
        return to_data(self.yardstick().rating) if key == STANDING_RATING else None

    def traits(self, roots: Sequence[str]) -> dict[str, View]:
        """Return the traits of customers; who has none is left out."""
        collection = self._views.collection(TRAITS.name)
        with answering():
            return {d["_id"]: d for lot in in_lots(roots) for d in collection.find({"_id": {"$in": lot}})}

    def all_traits(self) -> Iterator[Sequence[View]]:
        """Yield the traits of all customers, some hundred at a time."""
        with answering():
            cursor = self._views.collection(TRAITS.name).find({}, batch_size=LOT)
            yield from in_lots(cursor, LOT)
