"""Open what is sealed in events that are reacted to."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from shared.events import Event
from shared.privacy import Vault
from shared.privacy.sealing import is_sealed


def opened(vault: Vault, events: Sequence[Event], sealed: Collection[str] = ()) -> list[Event]:
    """Return the events with their values opened, the keys read in one go; types in `sealed` stay sealed."""
    fields = [[] if event.full_type in sealed else _sealed(event) for event in events]
    pairs = list(zip(events, fields, strict=True))
    places = [(event.data[name], event.stream, name) for event, names in pairs for name in names]
    texts = iter(vault.open_many(places) if places else ())
    return [
        replace(e, data={**e.data, **{n: next(texts) for n in names}}) if names else e for e, names in pairs
    ]


def _sealed(event: Event) -> list[str]:
    return [name for name, value in event.data.items() if is_sealed(value)]
