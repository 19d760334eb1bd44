"""The channel library as its users install it."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PROJECT = Path(__file__).parents[3] / "shared" / "channel"
USE = """
import sys
from rapport_channel import Channel
with Channel(sys.argv[1], "till-7", spool=sys.argv[2]) as channel:
    channel.emit("store.visit_recorded", customer={"loyalty_id": "L-1"}, data={"store": "Leeds"})
    print(channel.flush().confirmed)
assert not {"marshmallow", "pymongo", "shared", "nameko"} & set(sys.modules)
"""


@pytest.mark.timeout(180)
def test_it_installs_on_its_own(broker, inbox, tmp_path):
    """The wheel holds the contracts, needs pika alone, and emits from a fresh environment."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv")
    _run(uv, "build", "--wheel", "--out-dir", tmp_path / "dist", PROJECT)
    _run(uv, "venv", tmp_path / "fresh")
    python = tmp_path / "fresh" / "bin" / "python"
    [wheel] = (tmp_path / "dist").glob("*.whl")
    _run(uv, "pip", "install", "--python", python, wheel)
    installed = _run(uv, "pip", "list", "--python", python, "--format", "freeze")
    assert {line.split("==")[0] for line in installed.split()} == {"pika", "rapport-channel"}
    assert _run(python, "-c", USE, broker.url, tmp_path / "spool", cwd=tmp_path).strip() == "1"
    assert len(inbox.read()) == 1


def _run(*command, cwd=None):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, cwd=cwd, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
