"""Metrics over HTTP: the catalogue, a value with its points and events, as table and as picture."""

import pytest

from services.analytics.metrics import METRICS
from tests.company import populate
from tests.integration.analytics.test_api import Desk, desk

__all__ = ["desk"]  # the fixture

pytestmark = pytest.mark.integration
YEAR = {"from": "2026-01-01", "to": "2027-01-01"}


def test_a_metric_through_its_door(desk: Desk) -> None:
    """Value, points, export and events agree; every metric answers every scope and split it names."""
    populate(desk.company, customers=3, rounds=2)
    desk.publish()
    placed = [e for e in desk.company.logs["sales"] if e.type == "OrderPlaced"]
    answer = desk.get("/v1/metrics/orders", by="month", **YEAR)
    assert answer["value"] == len(placed) == sum(point["value"] for point in answer["points"])
    assert set(answer["lag"].values()) == {0}
    early = desk.get("/v1/metrics/orders", known_at="2026-01-01T00:05:00Z", **YEAR)["value"]
    assert early == sum(e.recorded_at.minute <= 5 for e in placed)
    table = desk.ask("/v1/metrics/orders", by="month", format="csv", **YEAR).text.splitlines()
    assert [line.split(",")[2] for line in table[1:]] == [point["label"] for point in answer["points"]]
    assert desk.ask("/v1/metrics/orders", by="month", format="png", **YEAR).data.startswith(b"\x89PNG")
    events = desk.get("/v1/metrics/orders/events", limit="200", **YEAR)["items"]
    assert sorted(e["id"] for e in events) == sorted(e.id for e in placed)
    ranked = desk.get("/v1/rfm", limit="1", **YEAR)
    rest = desk.get("/v1/rfm", cursor=ranked["next_cursor"], **YEAR)
    roots = [item["root"] for item in (*ranked["items"], *rest["items"])]
    assert roots == sorted(set(roots))
    assert len(roots) == ranked["customers"] > 1
    assert {m["id"] for m in desk.get("/v1/metrics")["items"]} == {m.id for m in METRICS}
    for metric in METRICS:
        scope = "customer:c-0001" if "customer" in metric.scopes else "company"
        answer = desk.get(f"/v1/metrics/{metric.id}", scope=scope, **YEAR)
        assert answer["value"] is not None or answer["reason"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "yesterday"}, "?from"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "?to"),
        ({"by": "owner"}, "?by"),
        ({"scope": "owner:ann"}, "?scope"),
        ({"by": "day", "from": "1900-01-01"}, "?by"),
        ({"format": "pdf"}, "?format"),
        ({"to": "9999-12-31"}, "?to"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, "?as_of"),
    ],
)
def test_a_wrong_question_names_its_field(desk: Desk, query: dict[str, str], field: str) -> None:
    """Every refusal is a 4xx that names field and reason."""
    answer = desk.ask("/v1/metrics/orders", **query)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [field]


def test_the_completeness_of_profiles_through_its_door(desk: Desk) -> None:
    """The share, each attribute's, the events behind it; wanting nothing is refused."""
    populate(desk.company, customers=3, rounds=1)
    desk.publish()
    answer = desk.get("/v1/metrics/profile_completeness", fields="name,birth_date", **YEAR)
    assert answer["parameters"]["fields"] == "name,birth_date"
    assert (answer["value"], answer["detail"]) == (0.5, {"birth_date": 0.0, "name": 1.0})
    behind = desk.get("/v1/metrics/profile_completeness/events", **YEAR)["items"]
    assert {e["data"]["filled"] for e in behind if e["type"] == "ProfileAttributeChanged"} == {True}
    refused = desk.ask("/v1/metrics/profile_completeness", fields=",", **YEAR)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == ["?fields"]
