"""What a service offers of webhooks over HTTP besides pause, resume and remove."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.contracts.catalogue import Catalogue
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data
from shared.decide import Streams
from shared.errors import FieldError, Invalid, NotFound
from shared.events.clock import Clock, rfc3339
from shared.events.ids import fresh
from shared.http.answer import Answer, Page
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.service.aggregate_routes import context_of, key_of
from shared.store.port import Store
from shared.webhooks.address import Forbidden, addresses, permitted, port_of
from shared.webhooks.book import Book
from shared.webhooks.messages import RegisterWebhook, ReplayWebhook, RotateSecret
from shared.webhooks.posting import Outcome
from shared.webhooks.signing import Secrets, ping, signed
from shared.webhooks.subscription import Webhook

SECRET_ONCE = Options(idempotent=False)  # an answer that is kept for repeats would keep the secret


class Replay(Schema):
    """From where on to post again: above a position of the log, or from a moment on."""

    after = fields.Integer(validate=validate.Range(0, 2**53), allow_none=True)
    since = fields.AwareDateTime(allow_none=True)

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("after") is None) == (data.get("since") is None):
            raise ValidationError("takes either after or since", "after")


class WebhookRoutes:
    """Registering, secrets, tests, deliveries and replay of one service's subscriptions."""

    def __init__(
        self,
        webhooks: Streams[Webhook],
        catalogue: Catalogue,
        book: Book,
        secrets: Secrets,
        post: Callable[..., Outcome],
        private: bool,
        clock: Clock,
    ) -> None:
        self._webhooks, self._catalogue, self._book = webhooks, catalogue, book
        self._secrets, self._post, self._private, self._clock = secrets, post, private, clock

    def routes(self) -> list[Route]:
        """Return the routes under /v1/webhooks."""
        service, root = self._webhooks.decider.service, "/v1/webhooks/<key>"
        body = schema_class(RegisterWebhook, without=("webhook_id",))
        post, write = "POST", f"{service}:write"
        return [
            Route(post, f"{root}/register", self.register, write, body=body, options=SECRET_ONCE,
                  summary="Subscribe a URL to events of this service",
                  description="Needs log:read as well, and pii:read for personal fields. The secret is in "
                              "this answer and nowhere else."),
            Route(post, f"{root}/rotate-secret", self.rotate, write, options=SECRET_ONCE,
                  summary="Sign with a new secret; the old one signs as well for a day"),
            Route(post, f"{root}/ping", self.ping, write, options=Options(idempotent=False),
                  summary="Post a test event now and tell what came of it"),
            Route(post, f"{root}/replay", self.replay, write, body=Replay,
                  summary="Post again what the log holds from a position or a moment on"),
            Route("GET", f"{root}/deliveries", self.deliveries, f"{service}:read", query=PageQuery,
                  options=Options(paged=True, idempotent=False),
                  summary="What became of its deliveries, the latest event first"),
            Route("GET", f"{root}/progress", self.progress, f"{service}:read",
                  options=Options(idempotent=False), summary="How far it is, and what it fails on"),
        ]  # fmt: skip

    def register(self, request: Request) -> Answer:
        """Subscribe; the secret is told when the subscription is new. Raises Rejected, Denied."""
        request.principal.require("log:read")
        if request.body.get("personal"):
            request.principal.require("pii:read")
        known = {**request.body, "webhook_id": request.params["key"]}
        command: Any = from_data(RegisterWebhook, known)
        self._check(command)
        return self._told(request, command)

    def rotate(self, request: Request) -> Answer:
        """Make the next secret. Raises NotFound, Conflict."""
        return self._told(request, RotateSecret(request.params["key"], self._clock()))

    def ping(self, request: Request) -> dict[str, Any]:
        """Post a test event. Raises NotFound."""
        key, at = request.params["key"], self._clock()
        webhook = self._found(key)
        message_id = fresh()
        body = ping(self._webhooks.decider.service, key, message_id, rfc3339(at))
        secrets = [self._secrets.of(key, number) for number in webhook.generations(at)]
        url = webhook.registered.url if webhook.registered else ""
        outcome = self._post(url, body, signed(message_id, at, body, secrets))
        return {"id": message_id, "delivered": outcome.delivered, **asdict(outcome)}

    def replay(self, request: Request) -> Answer:
        """Send the subscription back. Raises NotFound, Invalid."""
        key, store = request.params["key"], self._webhooks.store
        head, after = store.head().position, request.body.get("after")
        if after is None:
            after = position_before(store, head, request.body["since"])
        if after > head:
            raise Invalid(FieldError("/after", f"is beyond the end of the log, {head}"))
        command = ReplayWebhook(key, after)
        _, now = self._webhooks.handle(key, command, context_of(request, self._clock), request.if_match)
        return Answer({"id": key, "version": now.version, "after": after, "events": head - after}, status=202)

    def deliveries(self, request: Request) -> Page:
        """List deliveries. Raises NotFound."""
        self._found(request.params["key"])
        limit, cursor = request.query["limit"], request.query.get("cursor")
        below = int(decode_cursor(cursor, int)[0]) if cursor else None
        found = self._book.deliveries(request.params["key"], below, limit + 1)
        more = encode_cursor(found[limit - 1]["position"]) if len(found) > limit else None
        return Page(found[:limit], more)

    def progress(self, request: Request) -> dict[str, Any]:
        """Tell the mark. Raises NotFound."""
        key = request.params["key"]
        webhook, mark = self._found(key), self._book.marks([key]).get(key)
        head = self._webhooks.store.head().position
        told = asdict(mark) if mark else {}
        hidden = ("turns", "replays")
        shown = {name: value for name, value in told.items() if name not in hidden}
        return {"status": webhook.status, "reason": webhook.reason, "head": head, **shown}

    def _found(self, key: str) -> Webhook:
        webhook = self._webhooks.load([key], fresh=True)[key].state
        if webhook.registered is None:
            raise NotFound(f"there is no webhook {key}")
        return webhook

    def _told(self, request: Request, command: Any) -> Answer:
        key = key_of(request)
        context = context_of(request, self._clock)
        done, after = self._webhooks.handle(key, command, context, request.if_match)
        told = {"id": key, "version": after.version, "events": [e.full_type for e in done.events]}
        secret = {"secret": self._secrets.of(key, after.state.generation)} if done.events else {}
        return Answer({**told, **secret}, etag=after.version)

    def _check(self, command: RegisterWebhook) -> None:
        """Refuse patterns that match nothing, and hosts that lead into the company. Raises Invalid."""
        service = self._webhooks.decider.service
        known = [c.type for c in self._catalogue if c.type.startswith(f"rapport.{service}.")]
        errors = [
            FieldError(f"/types/{number}", f"matches no event of {service}, such as {known[0]}")
            for number, pattern in enumerate(command.types)
            if not any(fnmatchcase(type_, pattern) for type_ in known)
        ]
        if why := forbidden(command.url, self._private):
            errors.append(FieldError("/url", why))
        if errors:
            raise Invalid(*errors)


def forbidden(url: str, private: bool) -> str | None:
    """Return why the host may not be posted to; a name that nobody knows yet is asked again later."""
    try:
        parts = urlsplit(url)
        permitted(addresses(parts.hostname or "", port_of(parts)), private)
    except Forbidden as error:
        return f"{error}; RAPPORT_WEBHOOKS_PRIVATE admits such"
    except (OSError, ValueError, KeyError):
        return None
    return None


def position_before(store: Store, head: int, since: datetime) -> int:
    """Return the last position recorded before a moment: positions and times of recording grow together."""
    low, high = 0, head
    while low < high:
        middle = (low + high) // 2
        (event,) = store.read_log(middle, 1)
        if event.recorded_at < since:
            low = middle + 1
        else:
            high = middle
    return low
