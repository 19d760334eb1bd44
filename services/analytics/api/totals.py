"""GET /v1/totals: sums over all customers."""

from collections.abc import Callable
from typing import Any

from services.analytics.api.queries import TotalsQuery
from services.analytics.freshness import Freshness
from services.analytics.views.totals import TOTALS
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.project.pointer import Views

SCOPE = "metrics:read"


def totals_routes(views: Views, freshness: Freshness) -> list[Route]:
    """Return one route per kind of total."""
    return [
        Route("GET", f"/v1/totals/{projection.name}", _handler(projection.name, views, freshness), SCOPE,
              query=TotalsQuery, options=Options(idempotent=False), summary=f"Totals: {projection.name}")
        for projection in TOTALS
    ]  # fmt: skip


def _handler(name: str, views: Views, freshness: Freshness) -> Callable[[Request], dict[str, Any]]:
    def handle(request: Request) -> dict[str, Any]:
        query = request.query
        freshness.wait(query["min_version"], query["wait"], name)
        found = views.collection(name).find({}).sort("_id", 1)
        items = [view for view in found if _within(view, query["since"], query["until"])]
        for item in items:
            item.pop("_id")
        return {"items": items, "sum": summed(items), **freshness.of(name)}

    return handle


def _within(view: dict[str, Any], since: str | None, until: str | None) -> bool:
    month = view.get("month")
    return month is None or ((since is None or month >= since) and (until is None or month <= until))


def summed(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the sums of every number in the items, nested ones by their names; texts are left out."""
    total: dict[str, Any] = {}
    for item in items:
        for name, value in item.items():
            if isinstance(value, dict):
                total[name] = summed([total.get(name, {}), value])
            elif isinstance(value, int):
                total[name] = total.get(name, 0) + value
    return total
