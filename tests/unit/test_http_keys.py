"""Nothing is served to strangers, and a key opens what it was made for until it expires or is revoked."""

from datetime import timedelta

import pytest

from shared.http import MemoryKeyRing, make_key
from shared.http.auth import Principal, hash_of
from tests.http_sample import ADMIN, NOW, SERVICE_TOKEN, Sample

NEW = {"name": "web shop", "scopes": ["events:write"], "source": "web-shop", "types": ["channel.web.*"]}


@pytest.fixture
def sample() -> Sample:
    """A fresh application."""
    return Sample()


def test_only_the_public_routes_open_without_a_key(sample: Sample) -> None:
    """Every route but health and documentation is 401 for a stranger, and says how to authenticate."""
    public = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/asyncapi.json"}
    for route in sample.app.routes:
        path = route.path.replace("<int:number>", "1").replace("<name>", "a")
        answer = sample.client.open(path, method=route.method, environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert (answer.status_code == 401) == (route.path not in public), route.path
        assert answer.status_code != 401 or answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer rk_000000000000_" + "a" * 43,
        "Bearer x" * 99,
        "Bearer \xff",
    ],
)
def test_a_wrong_key_is_one_and_the_same_refusal(sample: Sample, header: str) -> None:
    """Whatever is wrong with the key, the answer is 401 and does not tell which part."""
    assert sample.client.get("/v1/pets", headers={"Authorization": header}).status_code == 401


def test_a_made_key_works_at_once(sample: Sample) -> None:
    """The administrator makes a key, its holder may use it, and the key itself is shown only then."""
    made = sample.client.post("/v1/keys", json={**NEW, "scopes": ["pets:*"]}, headers=ADMIN)
    assert made.status_code == 201
    token = made.json["key"]
    assert token.startswith(f"rk_{made.json['id']}_")
    assert sample.client.get("/v1/pets", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    listed = sample.client.get("/v1/keys", headers=ADMIN)
    assert [key["id"] for key in listed.json["items"]] == [made.json["id"]]
    assert token not in listed.text
    assert hash_of(token) not in listed.text


def test_making_a_key_is_never_replayed(sample: Sample) -> None:
    """An answer with a secret is not remembered under an Idempotency-Key."""
    headers = {**ADMIN, "Idempotency-Key": "k"}
    first, second = (sample.client.post("/v1/keys", json=NEW, headers=headers).json["key"] for _ in range(2))
    assert first != second


def test_a_revoked_key_opens_nothing(sample: Sample) -> None:
    """Revoking is at once and for good; revoking again changes nothing; an unknown key is 404."""
    made = sample.client.post("/v1/keys", json={**NEW, "scopes": ["pets:read"]}, headers=ADMIN).json
    first, again = (sample.client.delete(f"/v1/keys/{made['id']}", headers=ADMIN).json for _ in range(2))
    assert first["revoked_at"] == again["revoked_at"] is not None
    assert (
        sample.client.get("/v1/pets", headers={"Authorization": f"Bearer {made['key']}"}).status_code == 401
    )
    assert sample.client.delete("/v1/keys/none", headers=ADMIN).status_code == 404


def test_a_key_expires(sample: Sample) -> None:
    """A key opens until the moment it expires."""
    key = sample.key("pets:read", expires_at=NOW + timedelta(hours=1))
    assert sample.client.get("/v1/pets", headers=key).status_code == 200
    sample.clock.now = NOW + timedelta(hours=1)
    assert sample.client.get("/v1/pets", headers=key).status_code == 401


def test_a_missing_scope_is_denied_and_audited(sample: Sample, capsys) -> None:
    """403 for a known key without the scope, with a line in the audit log that names the key."""
    key = sample.key("pets:read")
    assert sample.client.post("/v1/pets", json={"name": "a"}, headers=key).status_code == 403
    assert sample.client.get("/v1/keys", headers=key).json["detail"] == "This needs the scope admin."
    logged = capsys.readouterr().out
    assert "audit" in logged
    assert key["Authorization"].split("_")[1] in logged
    assert key["Authorization"].split("_", 2)[2] not in logged


def test_services_may_read_logs_only(sample: Sample) -> None:
    """The key services share opens what needs `log:read`, and nothing that writes."""
    key = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
    assert sample.client.post("/v1/pets", json={"name": "a"}, headers=key).status_code == 403


@pytest.mark.parametrize("scopes", [[], ["Pets"], ["a b"], ["x" * 10 + "\n"], [1]])
def test_a_key_needs_proper_scopes(sample: Sample, scopes: list) -> None:
    """A key without scopes, or with malformed ones, is not made."""
    assert sample.client.post("/v1/keys", json={**NEW, "scopes": scopes}, headers=ADMIN).status_code == 422


def test_scopes_have_families() -> None:
    """`pets:*` covers `pets:read`, `*` covers all, and nothing covers its neighbour."""
    holder = Principal("1", "p", frozenset({"pets:*", "log:read"}))
    assert [holder.may(scope) for scope in ("pets:read", "log:read", "log:write", "admin")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_channel_speaks_for_itself() -> None:
    """A key may report only its own source, and only types its patterns cover."""
    channel = Principal("1", "p", frozenset({"events:write"}), "web-shop", ("channel.web.*",))
    assert channel.may_send("web-shop", "channel.web.page_viewed.v1")
    assert not channel.may_send("tills", "channel.web.page_viewed.v1")
    assert not channel.may_send("web-shop", "channel.store.purchased.v1")


def test_keys_are_long_and_different() -> None:
    """A key has 256 random bits, and only its hash is in the record."""
    (token, record), (other, _) = (make_key("n", ["a"], NOW) for _ in range(2))
    assert len(token.split("_", 2)[2]) == 43
    assert token != other
    assert record.hash == hash_of(token)
    assert MemoryKeyRing([record]).find(record.id) == record
