"""Which queues a service consumes, from its settings."""

from collections.abc import Callable
from typing import Any

from kombu import Queue

from shared.service.wiring import types_of
from shared.topology import channel_queues, intake_queues


def followed_queues(*sources: str) -> Callable[[Any], list[Queue]]:
    """Return what gives the queues `<service>.follows.<source>.<p>` of the services that are followed."""

    def queues(settings: Any) -> list[Queue]:
        reader = f"{settings.service}.follows"
        return [queue for source in sources for queue in intake_queues(reader, source, settings.partitions)]

    return queues


def own_channel_queues(settings: Any) -> list[Queue]:
    """Return the queues of the channel events this service handles, one per partition."""
    return channel_queues(settings.service, settings.partitions, types_of(settings.service))
