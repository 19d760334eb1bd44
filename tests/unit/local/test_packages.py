"""Installing Debian's package, with the commands recorded instead of run."""

import subprocess
from pathlib import Path

import pytest

from deploy.local import packages
from deploy.local.refusal import Refusal


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The commands given, as root; `apt-get install broken` fails."""
    given: list[str] = []

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        given.append(" ".join(command))
        failed = command[-1] == "broken"
        return subprocess.CompletedProcess(command, int(failed), "", "E: no such package" if failed else "")

    monkeypatch.setattr(packages, "_run", run)
    monkeypatch.setattr(packages, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(packages.os, "geteuid", lambda: 0)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    return given


def test_the_package_comes_without_its_service(commands: list[str]) -> None:
    """A policy forbids starting services while the package is installed, and goes afterwards."""
    said: list[str] = []
    packages.install("rabbitmq-server", said.append)
    policy, update, install, cleared = commands
    assert "exit 101" in policy
    assert "apt-get -q update" in update
    assert install.endswith("install -y --no-install-recommends rabbitmq-server")
    assert cleared.startswith("rm -f")
    assert cleared.endswith("policy-rc.d")
    assert "installing Debian's package" in said[0]


def test_an_existing_policy_is_respected(commands: list[str]) -> None:
    """What the machine's owner decided about services stays."""
    packages.POLICY.touch()
    packages.install("rabbitmq-server", print)
    assert [command for command in commands if "policy-rc.d" in command] == []


def test_a_failed_installation_is_one_sentence_and_clears_the_policy(commands: list[str]) -> None:
    """The sentence carries apt's own last word."""
    with pytest.raises(Refusal, match=r"broken could not be installed .*E: no such package"):
        packages.install("broken", print)
    assert commands[-1].startswith("rm -f")


def test_without_permission_the_sentence_says_what_to_do(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither root nor sudo: the command to run and the variable to set."""
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(packages.shutil, "which", lambda name: None if name == "sudo" else name)
    with pytest.raises(Refusal, match=r"sudo apt-get install rabbitmq-server.*RAPPORT_AMQP_URL"):
        packages.install("rabbitmq-server", print)
    assert commands == []
