"""How the person wants it: of every topic and channel the latest statement."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, later, stamp
from shared.events import Event


def project(preferences: State, event: Event) -> dict[str, Any]:
    """Keep the later of what is known and this statement."""
    topic, channel = event.data["topic"], event.data.get("channel")
    key = f"{topic}/{channel}" if channel else topic
    if not later(preferences.get(key), event):
        return dict(preferences)
    return {**preferences, key: stamp(event, topic=topic, channel=channel, value=event.data["value"])}


SECTION = Section("preferences", frozenset({"PreferenceStated"}), project, personal=True)
