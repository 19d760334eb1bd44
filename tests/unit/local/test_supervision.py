"""The process manager's configuration."""

import configparser
import socket
import subprocess
from pathlib import Path

import pytest

from deploy.local.place import Place
from deploy.local.supervision import Child, Supervisor, configuration


def parsed(tmp_path: Path) -> configparser.RawConfigParser:
    """A small configuration, read back."""
    store = [Child("broker", ["run me", "100%"], {"A": "{1,2}%"}, autostart=True)]
    services = [Child("sales", ["python"]), Child("support", ["python"])]
    parser = configparser.RawConfigParser()
    parser.read_string(configuration(Place(tmp_path), {"store": store, "services": services}))
    return parser


def test_the_store_starts_first_and_therefore_stops_last(tmp_path: Path) -> None:
    """Services must be able to finish their work on broker and database."""
    config = parsed(tmp_path)
    assert config.getint("group:store", "priority") < config.getint("group:services", "priority")
    assert config.get("group:services", "programs") == "sales,support"


def test_services_wait_to_be_started_and_are_restarted(tmp_path: Path) -> None:
    """They start when the store serves, and again whenever they end."""
    config = parsed(tmp_path)
    assert config.get("program:sales", "autostart") == "false"
    assert config.get("program:sales", "autorestart") == "true"


def test_odd_characters_survive(tmp_path: Path) -> None:
    """Percent signs and blanks mean themselves."""
    config = parsed(tmp_path)
    assert config.get("program:broker", "command") == "'run me' 100%%"
    assert config.get("program:broker", "environment") == 'A="{1,2}%%"'


def test_a_socket_left_behind_is_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manager that was killed leaves its socket: asking it is no failure, and the next start removes it."""
    place = Place(tmp_path)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place.socket))
    supervisor = Supervisor(place)
    assert supervisor.states() == {}
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: None)
    supervisor.start({}, {})
    assert not place.socket.exists()
