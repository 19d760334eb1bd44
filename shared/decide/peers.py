"""The streams of one service together: how commands learn of other aggregates."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from shared.decide.decider import Decider
from shared.decide.facts import Name
from shared.decide.streams import Loaded, Streams
from shared.privacy import Vault
from shared.store.port import Store

Peers = Mapping[str, Streams[Any]]
Read = Callable[[Streams[Any], Sequence[str]], Mapping[str, Loaded[Any]]]


def streams_of(store: Store, deciders: Iterable[Decider[Any]], vault: Vault) -> dict[str, Streams[Any]]:
    """Return the streams of a service's aggregates by category; their commands can know of each other."""
    streams = {d.category: Streams(store, d, vault) for d in deciders}
    for one in streams.values():
        one.peers, one.look = streams, partial(_look, streams)
    return streams


def load_all(streams: Peers, names: Iterable[Name], fresh: bool) -> dict[Name, Loaded[Any]]:
    """Return aggregates of several categories by name, read in one go per category."""
    return _read(streams, names, lambda of, keys: of.load(keys, fresh))


def _look(streams: Peers, names: Sequence[Name]) -> list[Loaded[Any]]:
    found = _read(streams, names, lambda of, keys: of.refresh(keys))
    return [found[name] for name in names]


def _read(streams: Peers, names: Iterable[Name], read: Read) -> dict[Name, Loaded[Any]]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for category, key in names:
        wanted[category].append(key)
    loaded = ((category, read(streams[category], keys)) for category, keys in wanted.items())
    return {(category, key): state for category, found in loaded for key, state in found.items()}
