"""A key limited to teams opens what narrows its answers to them, and nothing else of any service."""

import re
from importlib import import_module

import pytest
from werkzeug.test import Client

from shared.config import SERVICES, Settings
from shared.http import App, Options, Route
from shared.http.auth import Principal
from tests.http_sample import ADMIN, Sample

NARROWED = {
    "analytics": {
        "/v1/metrics", "/v1/metrics/<id>", "/v1/metrics/<id>/events",
        "/v1/questions", "/v1/reports/<key>/rendered",
    }
}  # fmt: skip
AWAY = {"AMQP_URL": "amqp://127.0.0.1:1/", "MONGODB_URL": "mongodb://127.0.0.1:1/"}
SECRETS = {"IDENTITY_KEY": "1f" * 32, "MASTER_KEY": "2e" * 32}
LEAD = Principal("1", "lead", frozenset({"*"}), teams=("parcels",))
OWN = Route("GET", "/v1/own", lambda request: {"of": request.principal.teams}, "pets:read",
            options=Options(narrows=True))  # fmt: skip


@pytest.fixture
def sample() -> Sample:
    """An application with one route that narrows."""
    return Sample(extra=(OWN,))


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_that_narrows_nothing_is_denied(service: str) -> None:
    """Whatever its scopes: 403 with the limit named, before anything is read."""
    environment = {f"RAPPORT_{name}": value for name, value in (AWAY | SECRETS).items()}
    wired = import_module(f"services.{service}.bootstrap").build(Settings.read(environment, service=service))
    routes = [route for route in wired.http.routes if not route.options.public]
    client = Client(App(service, "1", routes, lambda _: LEAD))
    assert {route.path for route in routes if route.options.narrows} == NARROWED.get(service, set())
    for route in routes:
        if not route.options.narrows:
            answer = client.open(re.sub("<[^>]*>", "1", route.path), method=route.method)
            assert (answer.status_code, "limited to teams (parcels)" in answer.text) == (403, True), (
                route.path
            )
    wired.close()


def test_a_key_is_made_for_teams_and_shows_them(sample: Sample) -> None:
    """The holder is known by its teams where that counts, and denied elsewhere."""
    asked = {"name": "lead", "scopes": ["*"], "teams": ["parcels", "returns"]}
    made = sample.client.post("/v1/keys", json=asked, headers=ADMIN).json
    key = {"Authorization": f"Bearer {made['key']}"}
    assert sample.client.get("/v1/own", headers=key).json == {"of": ["parcels", "returns"]}
    assert sample.client.get("/v1/pets", headers=key).status_code == 403
    assert sample.client.post("/v1/keys", json=asked, headers=key).status_code == 403
    (listed,) = sample.client.get("/v1/keys", headers=ADMIN).json["items"]
    assert listed["teams"] == made["teams"] == ["parcels", "returns"]


def test_a_narrowing_route_needs_its_scope_and_serves_the_unlimited_too(sample: Sample) -> None:
    """The limit takes away, it gives nothing."""
    assert sample.client.get("/v1/own", headers=sample.key("pets:write", teams=["a"])).status_code == 403
    assert sample.client.get("/v1/own", headers=sample.key("pets:read")).json == {"of": []}


def test_what_asks_for_a_key_by_itself_denies_it_too(sample: Sample) -> None:
    """The figures of the process, asked for from another machine."""
    far = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    assert sample.client.get("/metrics", headers=sample.key("metrics:read"), **far).status_code == 200
    limited = sample.key("metrics:read", teams=["a"])
    assert sample.client.get("/metrics", headers=limited, **far).status_code == 403


@pytest.mark.parametrize("teams", [[], [""], ["x" * 201], "parcels", [7]])
def test_a_limit_names_its_teams(sample: Sample, teams: object) -> None:
    """A list that came out empty is refused: it would be no limit at all."""
    asked = {"name": "lead", "scopes": ["*"], "teams": teams}
    answer = sample.client.post("/v1/keys", json=asked, headers=ADMIN)
    assert answer.status_code == 422
    assert {error["pointer"].split("/")[1] for error in answer.json["errors"]} == {"teams"}
