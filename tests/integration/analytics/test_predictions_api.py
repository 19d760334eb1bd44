"""Models are fitted on request, kept by version, and answer for customers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.company import BEGIN
from tests.integration.analytics.test_api import ADMIN, Desk

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def desk(mongodb_url: str) -> Iterator[Desk]:
    """Analytics with 60 buyers over a year, served and folded."""
    desk = Desk(mongodb_url)
    for customer in range(60):
        ref = f"c-{customer:03d}"
        desk.company.contact(ref)
        for number in range(1 + customer % 5):
            day = BEGIN + timedelta(days=customer + 17 * number + number * number * (customer % 7))
            order(desk, f"{ref}-{number}", ref, day, 1_000 + 300 * (customer % 11) + 10 * number)
    desk.publish()
    yield desk
    desk.app.client.drop_database(desk.app.database.name)
    desk.app.close()


def order(desk: Desk, number: str, ref: str, at: Any, amount: int) -> None:
    """Place an order."""
    money = {"amount": amount, "currency": "GBP"}
    desk.company.write("sales", "OrderPlaced", f"order-{number}", ref, at=at, order_id=number,
                       order_no=number, lines=[], total=money)  # fmt: skip


def fit(desk: Desk, model: str, **body: Any) -> dict[str, Any]:
    """Ask for a fit, make it, and return the model."""
    asked = desk.web.post(f"/v1/predictions/{model}/fit", json=body, headers=ADMIN)
    assert asked.status_code == 202, asked.text
    assert desk.get(f"/v1/predictions/{model}")["jobs"][0]["state"] == "waiting"
    assert desk.app.fitter.step()
    return dict(desk.get(f"/v1/predictions/{model}"))


def test_a_model_is_fitted_kept_and_used(desk: Desk) -> None:
    """The fit is a job; its version stays, names its watermark, and the scores name the version."""
    as_of = (BEGIN + timedelta(days=300)).date().isoformat()
    first = fit(desk, "bgnbd", as_of=as_of)
    assert first["jobs"][0] | {"state": "done", "version": 1} == first["jobs"][0]
    assert first["fitted"]["n"] == 60
    assert set(first["fitted"]["parameters"]) == {"r", "alpha", "a", "b"}
    assert first["fitted"]["watermark"]["sales"] == len(desk.company.logs["sales"])
    assert fit(desk, "gammagamma", as_of=as_of)["fitted"]["currency"] == "GBP"
    moment = (BEGIN + timedelta(days=300)).isoformat()
    known = desk.get("/v1/customers/c-004/predictions", as_of=moment, weeks="26")
    assert known["alive"]["model"] == "bgnbd/1"
    assert known["purchases"]["days"] == 5
    assert known["lifetime_value"]["value"] > 0
    fit(desk, "bgnbd", as_of=as_of)
    again = desk.get("/v1/customers/c-004/predictions", as_of=moment, weeks="26", versions="bgnbd/1")
    assert again["expected_purchases"] == known["expected_purchases"]
    assert desk.get("/v1/predictions/bgnbd")["versions"] == [2, 1]


def test_scores_know_only_what_had_happened(desk: Desk) -> None:
    """As of an earlier day the customer had bought less."""
    then = (BEGIN + timedelta(days=25)).isoformat()
    assert desk.get("/v1/customers/c-004/predictions", as_of=then)["purchases"]["days"] == 2
    before = (BEGIN - timedelta(days=1)).isoformat()
    assert desk.ask("/v1/customers/c-004/predictions", as_of=before).status_code == 404


def test_a_fit_that_leads_nowhere_says_why(desk: Desk) -> None:
    """The job has failed with the reason; what was fitted before stays."""
    told = fit(desk, "trend", every="month", as_of=(BEGIN + timedelta(days=60)).date().isoformat())
    assert told["jobs"][0]["state"] == "failed"
    assert "8 are needed" in told["jobs"][0]["reason"]
    assert told["fitted"] is None


def test_more_orders_lead_to_a_new_fit(desk: Desk) -> None:
    """When a tenth of the orders is new, the model is asked for again by itself, once."""
    fit(desk, "churn", as_of=(BEGIN + timedelta(days=250)).date().isoformat())
    for number in range(120):
        order(desk, f"late-{number}", f"c-{number % 60:03d}", BEGIN + timedelta(days=260), 2_000)
    desk.publish()
    desk.app.fitter.refresh()
    desk.app.fitter.refresh()
    jobs = desk.get("/v1/predictions/churn")["jobs"]
    assert [job["state"] for job in jobs] == ["waiting", "done"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/predictions/oracle", 404),
        ("/v1/predictions/bgnbd?version=99", 404),
        ("/v1/predictions/bgnbd?version=x", 422),
        ("/v1/customers/nobody/predictions", 404),
        ("/v1/customers/c-004/predictions?versions=bgnbd", 422),
        ("/v1/customers/c-004/predictions?versions=tarot/1", 404),
        ("/v1/customers/c-004/predictions?weeks=0", 422),
    ],
)
def test_what_is_not_there_or_not_valid_is_told(desk: Desk, path: str, status: int) -> None:
    """An unknown model, version or customer is 404, a wrong parameter 422 by its name."""
    assert desk.web.get(path, headers=ADMIN).status_code == status


def test_a_fit_of_something_else_is_refused(desk: Desk) -> None:
    """The field and the reason are named."""
    assert (
        desk.web.post("/v1/predictions/bgnbd/fit", json={"as_of": "soon"}, headers=ADMIN).status_code == 422
    )
    ahead = desk.web.post("/v1/predictions/bgnbd/fit", json={"as_of": "9999-12-31"}, headers=ADMIN)
    assert (ahead.status_code, (ahead.json or {})["errors"][0]["pointer"]) == (422, "/as_of")
