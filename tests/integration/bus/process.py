"""The probe service seen from the test: start, stop, and read what it wrote down."""

import json
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

from shared.events.wire import Message
from shared.relay.publisher import Publisher
from shared.topology import CHANNELS, channel_queues, declare


class Probe:
    """One probe process on queues of its own, its journal and its switches in `folder`."""

    def __init__(self, amqp_url: str, folder: Path, partitions: int = 2) -> None:
        self.amqp_url, self.folder, self.partitions = amqp_url, folder, partitions
        self.name = f"probe{uuid.uuid4().hex[:8]}"
        self.processes: list[subprocess.Popen[bytes]] = []

    def declare(self) -> None:
        """Make the queues before the service exists."""
        declare(self.amqp_url, channel_queues(self.name, self.partitions, [f"channel.{self.name}.*.v1"]))

    def start(self) -> subprocess.Popen[bytes]:
        """Start a process."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.integration.bus.probe"]
        with (self.folder / "output.log").open("ab") as output:
            process = subprocess.Popen(
                [*command, self.amqp_url, self.name, str(self.partitions), str(self.folder)],
                stderr=output,
            )
        self.processes.append(process)
        return process

    def message(self, name: str, partition: int = 0, content_type: str = "application/json") -> Message:
        """Return a message for this probe's queue."""
        headers = {"ce-id": name, "ce-type": f"channel.{self.name}.tick.v1"}
        return Message(f"channel.{self.name}.tick.v1.{partition}", headers, b"{}", name, content_type)

    def publish(self, *messages: Message) -> None:
        """Publish, confirmed and routed."""
        publisher = Publisher(self.amqp_url, exchange=CHANNELS, require_route=True)
        publisher.publish(messages)
        publisher.close()

    def turn(self, switch: str, on: bool = True) -> None:
        """Turn one of the handler's switches: fail, hang."""
        path = self.folder / switch
        path.touch() if on else path.unlink(missing_ok=True)

    def seen(self) -> list[str]:
        """Return the message ids handled, in order."""
        return [line["id"] for line in self.lines("journal")]

    def lines(self, file: str) -> list[dict[str, str]]:
        """Return the lines of one of the probe's files."""
        path = self.folder / file
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def trouble(self) -> str | None:
        """Return what the readiness check said last; "not started" before the first."""
        path = self.folder / "trouble"
        return json.loads(path.read_text()) if path.exists() else "not started"

    def ready(self) -> bool:
        """Whether the service says it is ready."""
        return self.trouble() is None

    def output(self) -> str:
        """Return what the processes logged."""
        return (self.folder / "output.log").read_text()

    def kill(self) -> None:
        """Kill every process."""
        for process in self.processes:
            process.kill()
            process.wait()


def seconds_to_stop(process: subprocess.Popen[bytes]) -> float:
    """Send SIGTERM and return how long the process took to end."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    return time.monotonic() - begun
