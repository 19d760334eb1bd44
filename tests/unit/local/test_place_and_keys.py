"""Where an installation lives and what it keeps secret."""

import hashlib
import stat
from pathlib import Path

import pytest

from deploy.local.keys import ChannelKeys, Keys
from deploy.local.place import SERVICES, Place
from deploy.local.refusal import Refusal


def test_ports_follow_the_base(tmp_path: Path) -> None:
    """One number moves every port, so two installations can live side by side."""
    place = Place.read({"RAPPORT_HOME": str(tmp_path), "RAPPORT_PORT_BASE": "9000"})
    assert place.ports == {name: 9001 + number for number, name in enumerate(SERVICES)}
    assert (place.broker_port, place.database_port) == (9010, 9020)


@pytest.mark.parametrize("base", ["80", "many", "60000", ""])
def test_a_useless_base_is_refused_by_name(tmp_path: Path, base: str) -> None:
    """The sentence names the variable to change."""
    with pytest.raises(Refusal, match="RAPPORT_PORT_BASE"):
        Place.read({"RAPPORT_HOME": str(tmp_path), "RAPPORT_PORT_BASE": base})


def test_a_long_folder_still_gets_a_usable_socket(tmp_path: Path) -> None:
    """Socket paths are limited to about a hundred bytes by the system."""
    place = Place(tmp_path / ("deep" * 30))
    assert len(str(place.socket)) <= 100


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    """The second start finds the first one's keys; only the owner can read them."""
    first, second = Keys.load(tmp_path / "s"), Keys.load(tmp_path / "s")
    assert first == second
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "s").iterdir()} == {0o600}
    assert first.admin not in repr(first)


def test_services_get_only_the_digest_of_the_admin_key(tmp_path: Path) -> None:
    """A service that is read out gives no administrator away."""
    keys = Keys.load(tmp_path)
    environment = keys.environment()
    assert keys.admin not in environment.values()
    assert environment["RAPPORT_ADMIN_KEY_SHA256"] == hashlib.sha256(keys.admin.encode()).hexdigest()


def test_channel_keys_belong_to_their_database(tmp_path: Path) -> None:
    """A key made in one database is not offered for another."""
    here, there = ChannelKeys(tmp_path, "mongodb://here"), ChannelKeys(tmp_path, "mongodb://there")
    here.remember("web-shop", "k1")
    assert (here.read(), there.read()) == ({"web-shop": "k1"}, {})
