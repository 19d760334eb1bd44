"""Which queues a service consumes, from its settings."""

from typing import Any

from kombu import Queue

from shared.service.wiring import types_of
from shared.topology import channel_queues


def own_channel_queues(settings: Any) -> list[Queue]:
    """Return the queues of the channel events this service handles, one per partition."""
    return channel_queues(settings.service, settings.partitions, types_of(settings.service))
