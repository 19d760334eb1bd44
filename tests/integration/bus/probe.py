"""A service that writes down what it is given: `python -m tests.integration.bus.probe URL NAME P FOLDER`."""

# ruff: noqa: E402 - the patch comes first, as in the runner
import eventlet

eventlet.monkey_patch()

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kombu import Queue
from nameko.extensions import DependencyProvider

from shared.consume.batch import Poison, batch_consume
from shared.consume.delivery import Delivery
from shared.errors import Unavailable
from shared.service import runner
from shared.service.base import Service
from shared.service.extensions import every
from shared.topology import channel_queues


@dataclass
class Settings:
    """What the probe needs of the settings."""

    amqp_url: str
    name: str
    partitions: int
    folder: Path


class Application:
    """Writes to files; switches are files too."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.folder

    def prepare(self) -> None:
        """As a service that cannot reach its database."""
        if (self.folder / "away").exists():
            raise Unavailable("the database is away")

    def receive(self, deliveries: list[Delivery]) -> None:
        """Write the batch down, durably, as a store would."""
        while (self.folder / "hang").exists():
            eventlet.sleep(0.02)
        if (self.folder / "fail").exists():
            self.write("failures", [{"id": deliveries[0].message_id}])
            raise Unavailable("told to fail")
        bad = [i for i, delivery in enumerate(deliveries) if delivery.message_id.startswith("poison")]
        good = [delivery for i, delivery in enumerate(deliveries) if i not in bad]
        self.write("journal", [{"id": d.message_id, "type": d.content_type} for d in good])
        if bad:
            raise Poison(bad)

    def beat(self, troubles: dict[str, str]) -> None:
        """Say what keeps the service from being ready."""
        beside = self.folder / "trouble.new"
        beside.write_text(json.dumps("; ".join(troubles.values()) or None))
        beside.rename(self.folder / "trouble")

    def write(self, file: str, lines: list[dict[str, str]]) -> None:
        """Append lines and sync them."""
        with (self.folder / file).open("a") as target:
            target.writelines(json.dumps(line) + "\n" for line in lines)
            target.flush()
            os.fsync(target.fileno())


def queues(settings: Settings) -> list[Queue]:
    """Return the probe's own channel queues."""
    return channel_queues(settings.name, settings.partitions, [f"channel.{settings.name}.*.v1"])


class Container(DependencyProvider):
    """Lets the probe look at its own container."""

    def get_dependency(self, worker_ctx: Any) -> Any:  # noqa: ARG002 - nameko's signature
        """Return it."""
        return self.container


class ProbeService(Service):
    """One batch consumer and one timer."""

    name = "probe"
    container = Container()

    @batch_consume(queues=queues, size=50)
    def receive(self, deliveries: list[Delivery]) -> None:
        """Hand over."""
        self.app.receive(deliveries)

    @every(0.1)
    def beat(self) -> None:
        """Hand over; break a loop when told to."""
        broken = self.app.folder / "break"
        if broken.exists():
            broken.unlink()
            [consumer] = [one for one in self.container.entrypoints if one.method_name == "receive"]
            consumer.readers[0].thread.kill()
        self.app.beat(self.container.troubles())


if __name__ == "__main__":
    url, name, partitions, folder = sys.argv[1:]
    settings = Settings(url, name, int(partitions), Path(folder))
    runner.host(ProbeService, settings, Application(settings))
