"""The doors while the broker is dead, frozen or blocked: what they take arrives, and they answer in time."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from deploy.local.program import Program
from deploy.local.servers import Servers
from shared.channel import Channel
from tests.chaos.checks import arrived, everything
from tests.chaos.draining import drained, spooled
from tests.chaos.evidence import Evidence
from tests.chaos.oracle import Oracle
from tests.chaos.reported import SOURCES, Reported
from tests.chaos.script import Script
from tests.chaos.senders import hand_in
from tests.chaos.telling import tell
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = pytest.mark.chaos
ANSWER_SECONDS = 15.0  # five until the door gives up, and some for a busy machine
HEALTH_SECONDS = 4.0  # less than the five of the door: who waited for the broker is later
LOT = 20


@contextmanager
def frozen(program: Program) -> Iterator[None]:
    """The program stands still: connections stay open and nobody answers."""
    assert program.pid
    os.killpg(program.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(program.pid, signal.SIGCONT)


@contextmanager
def blocked(servers: Servers) -> Iterator[None]:
    """The broker's memory alarm: it reads nothing from those who publish, and gives no error."""
    servers.broker.control("set_vm_memory_high_watermark", "absolute", "1MB")
    try:
        yield
    finally:
        servers.broker.control("set_vm_memory_high_watermark", "0.4")


def lots(events: list[Reported]) -> list[list[Reported]]:
    """Return the events in batches."""
    return [events[start : start + LOT] for start in range(0, len(events), LOT)]


def timed(stack: RunningStack, lot: list[Reported]) -> tuple[int, float, str | None]:
    """Hand in; return the status, the seconds it took, and when to come again."""
    began = time.monotonic()
    answer = hand_in(stack, *lot)
    return answer.status_code, time.monotonic() - began, answer.headers.get("Retry-After")


def at_once(stack: RunningStack, *several: list[Reported]) -> list[tuple[int, float, str | None]]:
    """Hand in several batches at the same time, while health is asked for all along."""
    with ThreadPoolExecutor(len(several)) as pool:
        answers = [pool.submit(timed, stack, lot) for lot in several]
        while not all(answer.done() for answer in answers):
            began = time.monotonic()
            assert requests.get(f"{stack.url('contacts')}/healthz", timeout=10).status_code == 200
            assert time.monotonic() - began < HEALTH_SECONDS, "the door's health waits for the broker"
            time.sleep(0.1)
        return [answer.result() for answer in answers]


def accepted_in_time(answers: list[tuple[int, float, str | None]]) -> None:
    """Every batch was accepted, none took longer than the door may."""
    tell(f"accepted after {[round(seconds, 1) for _, seconds, _ in answers]} s")
    assert {status for status, _, _ in answers} == {202}, answers
    assert max(seconds for _, seconds, _ in answers) < ANSWER_SECONDS


def exactly_once(stack: RunningStack, servers: Servers, script: Script, found: Evidence, seed: int) -> None:
    """Everything that was accepted is there once."""
    oracle = Oracle(script)
    arrived(oracle, found)
    drained(stack, servers.broker)
    problems = everything(oracle, found)
    assert not problems, f"seed {seed}:\n" + "\n".join(problems)


@pytest.mark.timeout(240)
def test_both_doors_keep_what_they_take_while_the_broker_is_dead(
    stack: RunningStack, private_servers: Servers, found: Evidence, tmp_path: Path, seed: int
) -> None:
    """The front door spools in the database, the channel library in a file; all of it arrives once."""
    script = Script(seed, 10, 4, ways=("door", "sdk"))
    first, *rest = lots([e for e in script.reported if e.way == "door"])
    accepted_in_time([timed(stack, first)])
    with Channel(stack.amqp_url, SOURCES["sdk"], spool=tmp_path / "spool") as channel:
        private_servers.broker.kill()
        accepted_in_time([timed(stack, lot) for lot in rest])
        for event in (e for e in script.reported if e.way == "sdk"):
            channel.emit(event.type, data=event.data, time=event.time, id=event.id)
        eventually(lambda: list((tmp_path / "spool").glob("*.spool")), 20)
        assert spooled(stack) > 0
        private_servers.broker.start()
        report = channel.flush(60)
    assert report.complete, report
    exactly_once(stack, private_servers, script, found, seed)


@pytest.mark.timeout(240)
def test_the_front_door_accepts_while_the_broker_is_frozen_and_while_it_is_blocked(
    stack: RunningStack, private_servers: Servers, found: Evidence, seed: int
) -> None:
    """Nobody waits longer than the door's patience, also not several at once, and health goes on."""
    script = Script(seed, 10, 4, ways=("door",))
    batches = lots(script.reported)
    accepted_in_time(at_once(stack, *batches[:2]))
    with frozen(private_servers.broker):
        accepted_in_time(at_once(stack, *batches[2:5]))
    with blocked(private_servers):
        accepted_in_time(at_once(stack, *batches[5:7]))
        assert spooled(stack) > 0
    accepted_in_time([timed(stack, lot) for lot in batches[7:]])
    exactly_once(stack, private_servers, script, found, seed)


@pytest.mark.timeout(240)
def test_with_broker_and_database_away_the_door_says_so_within_seconds(
    stack: RunningStack, private_servers: Servers, found: Evidence, seed: int
) -> None:
    """503 with Retry-After, from every one of many requests; afterwards the same events are taken, once."""
    script = Script(seed, 8, 3, ways=("door",))
    batches = lots(script.reported)
    accepted_in_time([timed(stack, batches[0])])
    private_servers.broker.kill()
    private_servers.database.kill()
    answers = at_once(stack, *batches[1:9])
    tell(f"refused after {[round(seconds, 1) for _, seconds, _ in answers]} s")
    assert {status for status, _, _ in answers} == {503}, answers
    assert all(after for _, _, after in answers)
    assert max(seconds for _, seconds, _ in answers) < ANSWER_SECONDS
    private_servers.database.start()
    private_servers.broker.start()
    stack.wait_ready("contacts")
    for lot in batches:
        eventually(lambda lot=lot: timed(stack, lot)[0] == 202, 60, pause=0.3)  # type: ignore[misc]
    exactly_once(stack, private_servers, script, found, seed)
