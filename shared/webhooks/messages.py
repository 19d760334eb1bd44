"""Commands and events of a subscription."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from shared.values import Code, Id, Length, Positive, Text, Whole

Url = Annotated[str, Length(8, 2_000)]
Patterns = Annotated[tuple[Code, ...], Length(1, 50)]


@dataclass(frozen=True, slots=True)
class RegisterWebhook:
    """Subscribe a URL to the events of this service whose types match, from now on.

    `types` are patterns such as `rapport.sales.Order*`. Personal fields are left out unless `personal`.
    """

    webhook_id: Id
    url: Url
    types: Patterns
    description: Text | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Sign with a new secret; for a day the old one signs as well."""

    webhook_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class PauseWebhook:
    """Post nothing for a while; what happens meanwhile is posted afterwards."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class ResumeWebhook:
    """Go on where it stopped, after a pause or after it was disabled."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class ReplayWebhook:
    """Post again everything above a position of the log."""

    webhook_id: Id
    after: Whole


@dataclass(frozen=True, slots=True)
class DisableWebhook:
    """Give up: the receiver has failed for too long, or is gone."""

    webhook_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    """End the subscription for good."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class WebhookRegistered:
    """A URL gets the events whose types match."""

    webhook_id: Id
    url: Url
    types: Patterns
    description: Text | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class WebhookSecretRotated:
    """Secret number `generation` signs; the one before signs as well until `old_until`."""

    webhook_id: Id
    generation: Positive
    old_until: datetime


@dataclass(frozen=True, slots=True)
class WebhookPaused:
    """Nothing is posted for a while."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class WebhookResumed:
    """It goes on where it stopped."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class WebhookReplayed:
    """Everything above a position of the log is posted again."""

    webhook_id: Id
    after: Whole


@dataclass(frozen=True, slots=True)
class WebhookDisabled:
    """It was given up, and why."""

    webhook_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class WebhookRemoved:
    """The subscription is over."""

    webhook_id: Id
