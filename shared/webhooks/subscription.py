"""Webhook: active, paused, disabled, removed; `webhook(service)` makes a service's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, Literal

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.webhooks.address import wrong_url
from shared.webhooks.messages import (
    DisableWebhook,
    PauseWebhook,
    RegisterWebhook,
    RemoveWebhook,
    ReplayWebhook,
    ResumeWebhook,
    RotateSecret,
    WebhookDisabled,
    WebhookPaused,
    WebhookRegistered,
    WebhookRemoved,
    WebhookReplayed,
    WebhookResumed,
    WebhookSecretRotated,
)

CATEGORY = "webhook"
OLD_SECRET_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription. `turns` counts how often it was set going, `replays` how often it was sent back."""

    status: Literal["unknown", "active", "paused", "disabled", "removed"] = "unknown"
    registered: WebhookRegistered | None = None
    generation: int = 1
    old_until: datetime | None = None
    turns: int = 0
    replays: int = 0
    after: int = 0
    reason: str | None = None

    def wants(self, type_: str) -> bool:
        """Tell whether events of this type are posted."""
        said = self.registered
        return said is not None and any(fnmatchcase(type_, pattern) for pattern in said.types)

    def generations(self, at: datetime) -> tuple[int, ...]:
        """Return the numbers of the secrets that sign at a moment, the newest first."""
        old = self.old_until is not None and at < self.old_until
        return (self.generation, self.generation - 1) if old else (self.generation,)


def _register(known: Webhook, command: RegisterWebhook) -> list[Any]:
    key = command.webhook_id
    said = (command.url, command.types, command.description, command.personal)
    registered = WebhookRegistered(key, *said)
    if known.status == "removed" or known.registered not in (None, registered):
        raise Conflict(f"the id {key} was given to another subscription: ids are used once")
    if why := wrong_url(command.url):
        raise Invalid(FieldError("/url", why))
    return [] if known.registered else [registered]


def _rotate(known: Webhook, command: RotateSecret) -> list[Any]:
    until = command.at + OLD_SECRET_LASTS
    return [WebhookSecretRotated(command.webhook_id, known.generation + 1, until)]


def _pause(known: Webhook, command: PauseWebhook) -> list[Any]:
    return [WebhookPaused(command.webhook_id)] if known.status == "active" else []


def _resume(known: Webhook, command: ResumeWebhook) -> list[Any]:
    return [] if known.status == "active" else [WebhookResumed(command.webhook_id)]


def _replay(_: Webhook, command: ReplayWebhook) -> list[Any]:
    return [WebhookReplayed(command.webhook_id, command.after)]


def _disable(known: Webhook, command: DisableWebhook) -> list[Any]:
    return [WebhookDisabled(command.webhook_id, command.reason)] if known.status == "active" else []


def _remove(_: Webhook, command: RemoveWebhook) -> list[Any]:
    return [WebhookRemoved(command.webhook_id)]


DECIDE: dict[type, Callable[[Webhook, Any], list[Any]]] = {
    RotateSecret: _rotate,
    PauseWebhook: _pause,
    ResumeWebhook: _resume,
    ReplayWebhook: _replay,
    DisableWebhook: _disable,
    RemoveWebhook: _remove,
}


def decide(known: Webhook, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, RegisterWebhook):
        return _register(known, command)
    if known.registered is None:
        raise NotFound(f"there is no webhook {command.webhook_id}")
    if known.status == "removed":
        if isinstance(command, RemoveWebhook):
            return []
        raise Conflict(f"webhook {command.webhook_id} was removed")
    return DECIDE[type(command)](known, command)


def evolve(known: Webhook, event: Any) -> Webhook:
    """Return the subscription after the event."""
    match event:
        case WebhookRegistered():
            return replace(known, status="active", registered=event, turns=known.turns + 1)
        case WebhookSecretRotated(generation=generation, old_until=until):
            return replace(known, generation=generation, old_until=until)
        case WebhookResumed():
            return replace(known, status="active", turns=known.turns + 1, reason=None)
        case WebhookReplayed(after=after):
            return replace(known, replays=known.replays + 1, after=after)
        case WebhookPaused():
            return replace(known, status="paused")
        case WebhookDisabled(reason=reason):
            return replace(known, status="disabled", reason=reason)
    return replace(known, status="removed")


def summary(known: Webhook) -> Mapping[str, Any] | None:
    """Return the line of a subscription."""
    said = known.registered
    if said is None:
        return None
    shown = {"url": said.url, "types": said.types, "personal": said.personal, "reason": known.reason}
    return {"status": known.status, "description": said.description, **shown}


def webhook(service: str) -> Decider[Webhook]:
    """Return the subscriptions of a service; register and the like have routes of their own."""
    return Decider(
        category=CATEGORY,
        service=service,
        initial=Webhook(),
        decide=decide,
        evolve=evolve,
        events=(
            WebhookRegistered,
            WebhookSecretRotated,
            WebhookPaused,
            WebhookResumed,
            WebhookReplayed,
            WebhookDisabled,
            WebhookRemoved,
        ),
        commands={"pause": PauseWebhook, "resume": ResumeWebhook, "remove": RemoveWebhook},
        opens=(RegisterWebhook,),
        summary=summary,
        filters=("status",),
    )
