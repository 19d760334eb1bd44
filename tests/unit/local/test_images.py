"""The container files, checked without a network or a container runtime."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from deploy.images.make_secrets import make
from deploy.local.place import ROOT, SERVICES

BIN = Path(sys.executable).parent


def test_the_dockerfile_has_no_findings() -> None:
    """hadolint is content."""
    done = subprocess.run(
        [BIN / "hadolint", "deploy/images/Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_fits_its_schema() -> None:
    """check-jsonschema with the compose specification it brings along."""
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_compose_runs_every_service_as_an_image_of_its_own() -> None:
    """Five services, each behind healthy servers, none with a password in the file."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name in SERVICES:
        assert services[name]["build"]["args"] == {"SERVICE": name}
        assert set(services[name]["depends_on"]) == {"rabbitmq", "mongo"}
        assert services[name]["environment"]["RAPPORT_MASTER_KEY_FILE"].startswith("/run/rapport/")


def test_container_secrets_are_made_once_and_fit_together(tmp_path: Path) -> None:
    """The broker knows the user the services sign in as; a second run changes nothing."""
    make(tmp_path)
    before = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    make(tmp_path)
    assert {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()} == before
    users = json.loads((tmp_path / "broker/definitions.json").read_text())["users"]
    assert [user["name"] for user in users] == ["rapport"]
    assert (tmp_path / "services/amqp-password").read_text() in (tmp_path / "services/amqp-url").read_text()
    assert not (tmp_path / "broker/amqp-password").exists()


def test_shell_scripts_have_no_findings() -> None:
    """shellcheck is content, where it is installed."""
    tool = shutil.which("shellcheck")
    if tool is not None:
        done = subprocess.run(
            [tool, "rapport", ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "")
