"""The latest contact in any channel."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.customer.touches import TOUCHES, is_touch, kind_of
from services.analytics.views.latest import State, later, stamp
from shared.events import Event


def project(last: State, event: Event) -> dict[str, Any]:
    """Keep the later of what is known and this touch."""
    if not later(last or None, event):
        return dict(last)
    direction = event.data.get("direction")
    return stamp(event, channel=event.meta.channel, kind=kind_of(event), direction=direction)


SECTION = Section("last_contact", frozenset(TOUCHES), project, only=is_touch)
