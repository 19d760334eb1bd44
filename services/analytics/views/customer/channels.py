"""How often the customer and the company met in each channel, and the last time."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.customer.touches import TOUCHES, is_touch, kind_of
from services.analytics.views.latest import State, later
from shared.events import Event


def project(channels: State, event: Event) -> dict[str, Any]:
    """Count every touch in its channel."""
    known = channels.get(event.meta.channel)
    count = known["interactions"] + 1 if known else 1
    if later(known, event):
        last = {"last_kind": kind_of(event), "at": event.occurred_at, "by": event.id}
    else:
        last = {name: channels[event.meta.channel][name] for name in ("last_kind", "at", "by")}
    return {**channels, event.meta.channel: {"interactions": count, **last}}


SECTION = Section("channels", frozenset(TOUCHES), project, only=is_touch)
