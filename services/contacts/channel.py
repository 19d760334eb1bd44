"""Channel events that are interactions: what each says in the terms of the front office."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contacts.domain.interaction import RecordInteraction
from shared.events.ids import derived
from shared.receive import Heard, Instruct

Said = Mapping[str, Any]

# What happened -> the fields of RecordInteraction it says.
SAYS: dict[str, Callable[[Said], dict[str, Any]]] = {
    "page_viewed": lambda d: {"kind": "page_view", "place": d["page"], "load_ms": d.get("load_ms")},
    "screen_viewed": lambda d: {"kind": "screen_view", "place": d["screen"], "load_ms": d.get("load_ms")},
    "visitor_identified": lambda d: {"kind": "identification", "outcome": d["method"]},
    "call_ended": lambda d: {"kind": "call", "direction": d["direction"], "regarding": d.get("regarding")},
    "visit_recorded": lambda d: {"kind": "visit", "place": d["store"]},
    "message_received": lambda d: {
        "kind": "message",
        "direction": d["direction"],
        "subject": d.get("subject"),
    },
    "conversation_ended": lambda _: {"kind": "chat"},
    "mention_received": lambda d: {"kind": "mention", "place": d["network"], "outcome": d.get("tone")},
    "interaction_reported": lambda d: {
        "kind": d["kind"],
        "direction": d.get("direction", "in"),
        "place": d.get("place"),
        "regarding": d.get("regarding"),
    },
    "billing_notice_sent": lambda d: {"kind": "billing", "direction": "out", "place": d["document_no"]},
}


def interaction(heard: Heard) -> Instruct:
    """Return the instruction to record an interaction; its id is derived from the event's."""
    key = derived(heard.source, heard.id)
    said: dict[str, Any] = {name: heard.data.get(name) for name in ("handler", "duration_s", "outcome")}
    said |= SAYS[heard.type.split(".")[2]](heard.data)
    return Instruct("interaction", key, RecordInteraction(interaction_id=key, **said))
