"""A small application that uses every feature of the HTTP kit."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.test import Client

from shared.errors import Conflict, Corrupt, Denied, NotFound, Unavailable, WrongExpectedVersion
from shared.http import (
    Answer,
    App,
    Bearer,
    Limits,
    MemoryAnswers,
    MemoryKeyRing,
    Options,
    Page,
    PageQuery,
    Request,
    Route,
    decode_cursor,
    encode_cursor,
    key_routes,
    make_key,
)
from shared.http.auth import hash_of
from shared.http.route import Handle

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ADMIN_TOKEN = "administrators-key"
SERVICE_TOKEN = "s" * 40
ADMIN = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
ERRORS = {
    "missing": NotFound("There is no such pet."),
    "conflict": Conflict("The pet is asleep."),
    "raced": WrongExpectedVersion("pet-1", 3, 4),
    "denied": Denied("Not yours."),
    "away": Unavailable("The database is away.", retry_after=7),
    "corrupt": Corrupt("position 7 is missing"),
    "bug": ValueError("the secret text of a bug"),
}


class Pet(Schema):
    """A pet."""

    name = fields.String(required=True, validate=validate.Length(1, 40))
    kind = fields.String(load_default="cat", validate=validate.OneOf(("cat", "dog")))
    age = fields.Integer(load_default=None, allow_none=True)
    tags = fields.List(fields.String(), load_default=list)


class Clock:
    """A clock that tests move."""

    now = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


class Pets:
    """The application's state."""

    def __init__(self) -> None:
        self.names = [f"pet{n:03}" for n in range(120)]
        self.made = 0

    def make(self, request: Request) -> Answer:
        """Make a pet; every call has an effect."""
        self.made += 1
        return Answer({**request.body}, etag=1, location=f"/v1/pets/{request.body['name']}")

    def list(self, request: Request) -> Page:
        """List names after the cursor."""
        after = decode_cursor(request.query["cursor"], str)[0] if request.query["cursor"] else ""
        limit = request.query["limit"]
        found = [name for name in self.names if name > after][: limit + 1]
        more = encode_cursor(found[limit - 1]) if len(found) > limit else None
        return Page([{"name": name} for name in found[:limit]], more)


def rename(request: Request) -> Answer:
    """Expect version 7."""
    if request.if_match != 7:
        raise WrongExpectedVersion("pet-1", request.if_match, 7)
    return Answer(request.body, etag=8)


def fail(request: Request) -> Any:
    """Raise the error the path names."""
    raise ERRORS[request.params["how"]]


class Sample:
    """The application, its parts, and a client for it."""

    def __init__(self, limits: Limits = Limits(), extra: tuple[Route, ...] = ()) -> None:  # noqa: B008
        self.clock, self.ring, self.pets, self.checks = (
            Clock(),
            MemoryKeyRing(),
            Pets(),
            {"database": lambda: None},
        )
        authenticate = Bearer(self.ring, self.clock, hash_of(ADMIN_TOKEN), SERVICE_TOKEN)
        self.answers = MemoryAnswers()
        self.app = App(
            "Pets", "1.0", [*self.routes(), *extra, *key_routes(self.ring, self.clock)], authenticate,
            limits=limits, checks=self.checks, answers=self.answers, asyncapi=lambda: {"asyncapi": "3.0.0"},
        )  # fmt: skip
        self.client = Client(self.app)

    def routes(self) -> list[Route]:
        """Return the sample's own routes."""
        one: Handle = lambda request: Answer({"name": request.params["name"]}, etag=7)  # noqa: E731
        return [
            Route("POST", "/v1/pets", self.make, "pets:write", body=Pet, answer=Pet, status=201),
            Route("GET", "/v1/pets", self.pets.list, "pets:read", query=PageQuery, answer=Pet,
                  summary="List pets", options=Options(paged=True)),
            Route("GET", "/v1/pets/<name>", one, "pets:read", answer=Pet),
            Route("PUT", "/v1/pets/<name>", rename, "pets:write", body=Pet, answer=Pet,
                  options=Options(if_match=True)),
            Route("GET", "/v1/pets/<name>/visits/<int:number>", lambda r: {"number": r.params["number"]}),
            Route("POST", "/v1/raw", lambda r: {"json": r.json()}),
            Route("GET", "/v1/fail/<how>", fail),
            Route("PUT", "/v1/fail/<how>", fail),
            Route("GET", "/v1/long", lambda _: {"text": "long " * 5000}),
            Route("GET", "/v1/stream", lambda _: Answer(iter([b"a\n", b"b\n"]), content_type="text/csv")),
        ]  # fmt: skip

    def make(self, request: Request) -> Any:
        """Make a pet, in the way a test may have replaced."""
        return self.pets.make(request)

    def key(self, *scopes: str, **more: Any) -> dict[str, str]:
        """Make a key and return its header."""
        token, key = make_key("test", scopes, NOW, **more)
        self.ring.add(key)
        return {"Authorization": f"Bearer {token}"}
