"""Deliveries of other services' events, handed to the reactor."""

from collections.abc import Sequence

from shared.consume.delivery import Delivery
from shared.consume.distribute import distribute
from shared.react.reactor import Reactor


def follow(reactor: Reactor, deliveries: Sequence[Delivery]) -> None:
    """React to a batch. Raises Poison for what is no event."""
    distribute(deliveries, reactor.receive)
