"""The time machine: one thing as it was, a window's forecast, the pipeline with other probabilities."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.company import BEGIN
from tests.integration.analytics.test_api import ADMIN, Desk

pytestmark = pytest.mark.integration
WINDOW = {"from": "2026-03-01", "to": "2026-04-01"}


@pytest.fixture(scope="module")
def desk(mongodb_url: str) -> Iterator[Desk]:
    """Analytics with the worked check of the weighted forecast: 10k at 20 %, 40k at 50 %, 25k at 80 %."""
    desk = Desk(mongodb_url)
    desk.company.contact("c-1")
    for number, (stage, percent, thousands) in enumerate(
        [("first", 20, 10), ("second", 50, 40), ("third", 80, 25)]
    ):
        deal(desk, f"d-{number}", stage, percent, thousands)
    for number in range(4):
        deal(desk, f"old-{number}", "first", 20, 1)
        amount = {"amount": 100_000, "currency": "USD"}
        kind = "OpportunityWon" if number else "OpportunityLost"
        desk.company.write("sales", kind, f"opportunity-old-{number}", "c-1", at=BEGIN + timedelta(days=3),
                           opportunity_id=f"old-{number}", amount=amount, owner="eva",
                           reason_code="price")  # fmt: skip
    desk.publish()
    yield desk
    desk.app.client.drop_database(desk.app.database.name)
    desk.app.close()


def deal(desk: Desk, number: str, stage: str, percent: int, thousands: int) -> None:
    """Open a deal that is to close in March."""
    amount = {"amount": thousands * 100_000, "currency": "USD"}
    desk.company.write("sales", "OpportunityOpened", f"opportunity-{number}", "c-1", at=BEGIN,
                       opportunity_id=number, pipeline_id="main", stage=stage, probability=percent,
                       owner="eva",
                       amount=amount, expected_close_on="2026-03-15")  # fmt: skip


def test_the_weighted_forecast_is_the_worked_check(desk: Desk) -> None:
    """C7: 42,000; without a fitted trend there is none, and nothing was won in the window to judge by."""
    told = desk.get("/v1/predictions/forecast", **WINDOW)
    assert told["weighted_forecast"]["value"] == 4_200_000
    assert told["trend"] is None
    assert told["forecast_accuracy"]["value"] is None


def test_the_pipeline_is_weighed_with_other_probabilities(desk: Desk) -> None:
    """Halving the second stage takes 10,000 away; three of four deals of the first were won, not a fifth."""
    body = {**WINDOW, "probabilities": {"second": 25, "first": 75, "secnd": 10}}
    told = desk.web.post("/v1/what-if/pipeline", json=body, headers=ADMIN).json
    assert told is not None
    assert told["forecast"]["current"] == 4_200_000
    assert told["forecast"]["proposed"] == 4_200_000 - 1_000_000 + 550_000
    assert told["unused"] == ["secnd"]
    (first,) = told["calibration"]["stages"]
    assert (first["stage"], first["n"], first["realised"], first["current"]) == ("first", 4, 75.0, 20.0)
    assert told["calibration"]["brier"]["proposed"] < told["calibration"]["brier"]["current"]


def test_a_deal_is_shown_as_it_was(desk: Desk) -> None:
    """Before it was won it was open in its stage; what is not known is 404."""
    path = "/v1/history/sales/opportunities/old-1"
    now = desk.get(path)
    assert (now["last"], now["line"]["stage"]) == ("rapport.sales.OpportunityWon.v1", "won")
    then = desk.get(path, as_of=(BEGIN + timedelta(days=1)).isoformat())
    assert (then["state"]["stage"], then["version"], len(then["events"])) == ("first", 1, 1)
    assert then["line"]["stage"] == "first"
    before = (BEGIN - timedelta(days=1)).isoformat()
    assert desk.ask(path, as_of=before).status_code == 404
    assert desk.ask("/v1/history/sales/secrets/1").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"probabilities": {"first": 101}},
        {"probabilities": {}},
        {"probabilities": {"first": 5}, "to": "2026-02-01"},
    ],
)
def test_a_senseless_proposal_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    """The field and the reason are named."""
    answer = desk.web.post("/v1/what-if/pipeline", json={**WINDOW, **wrong}, headers=ADMIN)
    assert (answer.status_code, bool(answer.json and answer.json["errors"])) == (422, True)
