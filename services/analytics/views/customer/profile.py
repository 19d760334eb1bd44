"""What is known of the person: values as the log holds them, sealed; the latest business time wins."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, later, stamp
from shared.events import Event
from shared.privacy.keeping import kept


def project(profile: State, event: Event) -> dict[str, Any]:
    """Set one field unless a later value is known. The stream stays with it: the seal is bound to it.

    So does the end of its retention, for whoever looks back at a moment before it.
    Of a value that has expired an empty text is left: an earlier one that arrives late does not come back.
    """
    data = event.data
    if not later(profile.get(data["field"]), event):
        return dict(profile)
    told = {"value": data.get("to", ""), "source": data.get("source"), "stream": event.stream, **kept(data)}
    return {**profile, data["field"]: stamp(event, **told)}


SECTION = Section(
    "profile", frozenset({"ProfileAttributeChanged", "ProfileAttributeExpired"}), project, personal=True
)
