"""GET /v1/objectives/<id>/judgement: how it stands, by the formula it was set with and by the newest."""

from collections.abc import Callable
from typing import Any

from services.analytics.api.queries import ClockQuery
from services.analytics.domain.objective import EvaluateObjective, Objective, judged
from services.analytics.objectives.measuring import Measuring
from shared.contracts.payload import to_data
from shared.decide import Streams
from shared.errors import NotFound
from shared.http.request import Request
from shared.http.route import Options, Route

SCOPE = "metrics:read"
Newest = Callable[[str], int]


class ObjectivesApi:
    """Handlers; nothing is recorded by asking."""

    def __init__(self, streams: Streams[Objective], measuring: Measuring, newest: Newest) -> None:
        self._streams, self._measuring, self._newest = streams, measuring, newest

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route("GET", "/v1/objectives/<key>/judgement", self.judgement, SCOPE, query=ClockQuery,
                  options=Options(idempotent=False),
                  summary="How the objective stands at any moment, as known at any moment")
        ]  # fmt: skip

    def judgement(self, request: Request) -> dict[str, Any]:
        """Answer the judgement by the version it was set with, and a second one by the newest (A-6)."""
        key, query = request.params["key"], request.query
        objective = self._streams.load([key], fresh=True)[key].state
        if objective.set is None or objective.target is None:
            raise NotFound(f"objective {key} is not known")
        command = EvaluateObjective(key, query["as_of"], query["known_at"])
        own = objective.set.baseline
        newest = self._newest(own.metric_id)
        answer = {
            "objective": key,
            "target": to_data(objective.target),
            "as_set": self._stands(objective, command),
        }
        if newest == own.metric_version:
            return answer
        return {**answer, "by_newest_formula": self._stands(objective, command, newest)}

    def _stands(
        self, objective: Objective, command: EvaluateObjective, version: int | None = None
    ) -> dict[str, Any]:
        measured = self._measuring.evaluation(command, version).measured
        assert measured is not None and objective.target is not None  # noqa: S101, PT018 - both were looked for
        return {"judgement": judged(objective.target, measured.value), **to_data(measured)}
