"""`/v1/keys`: make, list and revoke API keys."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from shared.http.answer import Answer
from shared.http.keys import ApiKey, KeyRing, make_key
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.telemetry import logs

_SCOPE = validate.Regexp(r"^(\*|[a-z_]+(:([a-z_]+|\*))?)\Z")
_log = logs.get("keys")


class NewKey(Schema):
    """What a new key may do."""

    name = fields.String(required=True, validate=validate.Length(1, 100))
    scopes = fields.List(fields.String(validate=_SCOPE), required=True, validate=validate.Length(1, 50))
    source = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, 100),
        metadata={"description": "The CloudEvents source this channel may report as."},
    )  # fmt: skip
    types = fields.List(
        fields.String(validate=validate.Length(1, 200)), load_default=list, validate=validate.Length(max=50),
        metadata={"description": "Patterns of the event types it may report, such as `channel.web.*`."},
    )  # fmt: skip
    teams = fields.List(
        fields.String(validate=validate.Length(1, 200)), load_default=list, validate=validate.Length(1, 50),
        metadata={"description": "The teams whose numbers alone it sees; without any it sees the company's."},
    )  # fmt: skip
    expires_at = fields.AwareDateTime(load_default=None, allow_none=True)


class Key(Schema):
    """A key as listed: everything but the key itself."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    source = fields.String(required=True, allow_none=True)
    types = fields.List(fields.String(), required=True)
    teams = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)


class MadeKey(Key):
    """A new key with its secret, which is shown this once."""

    key = fields.String(required=True)


class Keys(Schema):
    """All keys, oldest first."""

    items = fields.List(fields.Nested(Key), required=True)


def key_routes(ring: KeyRing, clock: Callable[[], datetime]) -> list[Route]:
    """Routes under `/v1/keys`, all for the scope `admin`. Every change is in the audit log."""

    def make(request: Request) -> Answer:
        token, key = make_key(created_at=clock(), **request.body)
        ring.add(key)
        _audit("key_made", request, key)
        return Answer({**_shown(key), "key": token}, location=f"/v1/keys/{key.id}")

    def show(_request: Request) -> dict[str, Any]:
        return {"items": [_shown(key) for key in ring.all()]}

    def revoke(request: Request) -> dict[str, Any]:
        key = ring.revoke(request.params["key_id"], clock())
        _audit("key_revoked", request, key)
        return _shown(key)

    return [
        Route("POST", "/v1/keys", make, "admin", body=NewKey, answer=MadeKey, status=201,
              summary="Make an API key", options=Options(idempotent=False),
              description="The key is in this answer and nowhere else. Keep it."),
        Route("GET", "/v1/keys", show, "admin", answer=Keys, summary="List API keys"),
        Route("DELETE", "/v1/keys/<key_id>", revoke, "admin", answer=Key, summary="Revoke an API key"),
    ]  # fmt: skip


def _shown(key: ApiKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in Key().fields}


def _audit(event: str, request: Request, key: ApiKey) -> None:
    about = {"key": key.id, "name": key.name, "scopes": key.scopes, "teams": key.teams}
    _log.info(event, audit=True, principal=request.principal.id, **about)
