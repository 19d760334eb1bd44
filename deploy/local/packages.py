"""Install a Debian package when it is missing and we are allowed to."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.local.refusal import Refusal

POLICY = Path("/usr/sbin/policy-rc.d")
Say = Callable[[str], None]


def install(package: str, say: Say) -> None:
    """Install `package` without letting it start a system service.

    Raises:
        Refusal: not Debian, no permission, or the installation failed.
    """
    if shutil.which("apt-get") is None:
        raise Refusal(
            f"{package} is missing and this is not Debian: install it, or name a running one instead."
        )
    say(f"{package} is missing: installing Debian's package (its system service is not started)")
    with _no_service_starts():
        _apt("update", package)
        _apt("install", package, "-y", "--no-install-recommends", package)


class _no_service_starts:  # noqa: N801 - reads as a statement
    """While active, Debian's maintainer scripts may not start services; an existing policy is respected."""

    def __enter__(self) -> None:
        self.ours = not POLICY.exists()
        if self.ours:
            _as_root(["sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}"])

    def __exit__(self, *_: object) -> None:
        if self.ours:
            _as_root(["rm", "-f", str(POLICY)])


def _apt(verb: str, package: str, *arguments: str) -> None:
    done = _as_root(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", verb, *arguments])
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refusal(f"Debian's package {package} could not be installed (apt-get {verb}: {last}).")


def _as_root(command: list[str]) -> subprocess.CompletedProcess[str]:
    prefix = [] if os.geteuid() == 0 else _sudo()
    return _run([*prefix, *command])


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    quiet = subprocess.DEVNULL
    return subprocess.run(command, capture_output=True, text=True, stdin=quiet, check=False)


def _sudo() -> list[str]:
    if shutil.which("sudo") is None or _run(["sudo", "-n", "true"]).returncode:
        raise Refusal(
            "RabbitMQ is missing and there is no permission to install it: run "
            "'sudo apt-get install rabbitmq-server' or set RAPPORT_AMQP_URL to a running broker."
        )
    return ["sudo", "-n"]
