"""The log is the truth: what the broker loses on the way to analytics is noticed and read from the logs."""

from itertools import takewhile
from pathlib import Path
from typing import Any

import pika
import pytest

from deploy.local.servers import Servers
from tests.chaos.checks import arrived, everything
from tests.chaos.draining import drained
from tests.chaos.evidence import LOGS, Evidence
from tests.chaos.oracle import Oracle
from tests.chaos.script import Script
from tests.chaos.senders import PARTITIONS, Senders
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = pytest.mark.chaos
QUEUES = [f"analytics.{source}.{p}" for source in LOGS for p in range(PARTITIONS)]
SECONDS, PEOPLE, SCENES = 12, 15, 5


def channel_of(stack: RunningStack) -> pika.BlockingConnection:
    """A connection of an operator."""
    return pika.BlockingConnection(pika.URLParameters(stack.amqp_url))


def steal(stack: RunningStack) -> int:
    """Take messages out of the intake queues, every other one for good; return how many."""
    with channel_of(stack) as connection:  # closing it gives the others back
        return sum(steal_from(connection.channel(), queue) for queue in QUEUES)


def steal_from(channel: Any, queue: str) -> int:
    """Take every other message of one queue; nobody else reads it now."""
    there = takewhile(lambda got: got[0] is not None, channel.consume(queue, inactivity_timeout=1))
    stolen = [method.delivery_tag for method, _, _ in there][::2]
    for tag in stolen:
        channel.basic_ack(tag)
    return len(stolen)


def nothing_missing(stack: RunningStack, servers: Servers, script: Script, found: Evidence) -> None:
    """Wait until all is drained and compare with the oracle; live views equal rebuilt ones."""
    oracle = Oracle(script)
    arrived(oracle, found)
    drained(stack, servers.broker)
    problems = everything(oracle, found)
    assert not problems, "\n".join(problems)
    live = found.digests()
    assert found.rebuilt() == live


@pytest.mark.timeout(240)
def test_purged_and_deleted_intake_queues_are_repaired_from_the_logs(
    stack: RunningStack, private_servers: Servers, found: Evidence, tmp_path: Path, seed: int
) -> None:
    """Under load queues are purged, then deleted: the chain check and the audit find all that is lost."""
    script = Script(seed, PEOPLE, SCENES)
    senders = Senders(stack, tmp_path / "spool", script.reported, SECONDS).start()
    with channel_of(stack) as connection:
        channel, number = connection.channel(), 0
        while senders.busy:
            senders.stop.wait(0.2)
            channel.queue_purge(QUEUES[number % len(QUEUES)])
            if number % 5 == 0:
                channel.queue_delete(QUEUES[number % len(QUEUES)])
            number += 1
    senders.join()
    nothing_missing(stack, private_servers, script, found)


@pytest.mark.timeout(240)
def test_analytics_catches_up_with_what_it_missed_and_what_was_stolen_meanwhile(
    stack: RunningStack, private_servers: Servers, found: Evidence, tmp_path: Path, seed: int
) -> None:
    """Analytics is down for the whole load, half of its messages disappear: it reads them from the logs."""
    script = Script(seed, PEOPLE, SCENES)
    senders = Senders(stack, tmp_path / "spool", script.reported, SECONDS)
    stack.kill("analytics")
    senders.start().join()
    wanted = Oracle(script).facts()
    eventually(lambda: all(found.facts(s) == wanted.get(s) for s in wanted), 60, pause=0.5)
    assert steal(stack) > 0
    stack.restart("analytics")
    nothing_missing(stack, private_servers, script, found)
