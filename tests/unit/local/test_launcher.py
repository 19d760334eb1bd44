"""The launcher script, with everything it calls replaced."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.local.place import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A project folder whose environment is made already and whose Python tells how it is called."""
    folder = tmp_path / "a clone"
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".rapport").mkdir()
    shutil.copy(ROOT / "rapport", folder)
    for name in ("uv.lock", "pyproject.toml"):
        (folder / name).write_text(name)
    python = folder / ".venv/bin/python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    for extra in ("local", "bench"):
        text = f"uv.lockpyproject.toml{extra} {folder}\n"
        (folder / f".rapport/environment.{extra}").write_text(hashlib.sha256(text.encode()).hexdigest())
    return folder


def launch(clone: Path, *arguments: str, path: str = "/usr/bin:/bin") -> subprocess.CompletedProcess[str]:
    """Run the script with a bare environment."""
    return subprocess.run(
        [clone / "rapport", *arguments], env={"PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        (["up", "--demo"], "-m deploy.local.up --demo"),
        (["down"], "-m deploy.local.detached"),
        (["test", "unit", "-k", "x"], "-m deploy.local.testing unit -k x"),
        (["bench", "relay"], "-m tests.bench relay"),
        (["import", "a file"], "-m shared.cli import a file"),
        ([], "-m shared.cli"),
    ],
)
def test_each_command_goes_where_it_belongs(clone: Path, arguments: list[str], called: str) -> None:
    """Own commands to their modules, the rest to the command line tool; nothing is installed again."""
    done = launch(clone, *arguments)
    assert (done.stdout.strip(), done.stderr, done.returncode) == (called, "", 0)


def test_a_changed_lock_file_makes_the_environment_anew(clone: Path) -> None:
    """uv follows the lock file exactly, and only then does the command run."""
    tools = clone / "tools"
    tools.mkdir()
    for name in ("uv", "python3.11"):
        (tools / name).write_text(f'#!/bin/sh\necho {name} "$@" >>"{clone}/calls"\n')
        (tools / name).chmod(0o755)
    (clone / "uv.lock").write_text("changed")
    done = launch(clone, "up", path=f"{tools}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert "uv sync --quiet --frozen" in (clone / "calls").read_text()
    assert launch(clone, "up").stderr == ""


def test_without_a_fitting_python_one_sentence_says_so(clone: Path) -> None:
    """The sentence names the version and how to get it."""
    tools = clone / "tools"
    tools.mkdir()
    for name in ("dirname", "sha256sum", "cut", "cat", "mkdir", "chmod", "id"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (clone / "uv.lock").write_text("changed")
    script = clone / "rapport"
    script.write_text(script.read_text().replace("/usr/bin/python3.11", "/nowhere"))
    done = subprocess.run(
        ["/bin/sh", clone / "rapport", "up"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Rapport needs Python 3.11")
    assert done.stderr.count("\n") == 1
