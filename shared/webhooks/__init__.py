"""Webhooks: a service's events, signed and posted to whoever subscribed, in order and at least once."""

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
from shared.webhooks.subscription import CATEGORY, Webhook, webhook

__all__ = [
    "CATEGORY",
    "DisableWebhook",
    "PauseWebhook",
    "RegisterWebhook",
    "RemoveWebhook",
    "ReplayWebhook",
    "ResumeWebhook",
    "RotateSecret",
    "Webhook",
    "WebhookDisabled",
    "WebhookPaused",
    "WebhookRegistered",
    "WebhookRemoved",
    "WebhookReplayed",
    "WebhookResumed",
    "WebhookSecretRotated",
    "webhook",
]
