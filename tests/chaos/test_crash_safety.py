"""The first promise: no accepted event is lost and none is applied twice, whatever dies and when."""

import os
import time
from pathlib import Path

import pytest

from deploy.local.servers import Servers
from tests.chaos.checks import arrived, everything
from tests.chaos.draining import drained
from tests.chaos.evidence import Evidence
from tests.chaos.killing import Killer
from tests.chaos.oracle import Oracle
from tests.chaos.script import Script
from tests.chaos.senders import Senders
from tests.chaos.telling import tell
from tests.stack import RunningStack

pytestmark = pytest.mark.chaos
ROUNDS = int(os.environ.get("RAPPORT_CHAOS_ROUNDS") or 1)  # a longer soak: how often everything is killed
SECONDS, PEOPLE, SCENES = 60, 50, 7


@pytest.mark.timeout(300 * ROUNDS)
def test_nothing_is_lost_or_doubled_while_everything_is_killed_in_turn(
    stack: RunningStack, private_servers: Servers, found: Evidence, tmp_path: Path, seed: int
) -> None:
    """Log, receipts, journal, ledger and views equal an oracle that knows only what was reported."""
    script = Script(seed, PEOPLE, SCENES * ROUNDS)
    began = time.monotonic()
    senders = Senders(stack, tmp_path / "spool", script.reported, SECONDS * ROUNDS).start()
    killer = Killer(stack, private_servers, seed, ROUNDS).start()
    killer.join(240 * ROUNDS)
    senders.join()
    tell(f"{len(script.reported)} events reported in {time.monotonic() - began:.0f} s")
    tell(f"killed: {', '.join(killer.killed)}; sent again: {senders.retries}")
    oracle = Oracle(script)
    arrived(oracle, found)
    drained(stack, private_servers.broker)
    tell(f"drained after {time.monotonic() - began:.0f} s")

    assert died(stack) == []
    problems = everything(oracle, found)
    assert not problems, f"seed {seed}:\n" + "\n".join(problems)
    live = found.digests()
    assert found.rebuilt() == live
    tell(f"all checked after {time.monotonic() - began:.0f} s")


def died(stack: RunningStack) -> list[str]:
    """Services that ended by themselves."""
    return [name for name, process in stack.processes.items() if process.poll() is not None]
