"""Broker, database and running services for the tests that need them; started once, shared by all workers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.local.servers import Servers
from tests.stack import RunningStack

# Examples are checked for what they say, not for how fast a shared machine says it. CI judges a change by the
# examples it judged the last one by; new ones are looked for by everybody else.
settings.register_profile("rapport", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("rapport")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Servers]:
    """One broker and one database for the session, or those `./rapport test` has started."""
    given = os.environ.get("RAPPORT_TEST_SERVERS")
    base = tmp_path_factory.getbasetemp()
    workers = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    folder = Path(given) if given else (base.parent if workers else base) / "servers"
    shared = Servers(folder, os.environ.get("RAPPORT_MONGODB_URL"))
    with _user_of(folder) as last:
        yield shared.start()
        if not given and last():
            shared.stop()


class _user_of:  # noqa: N801 - reads as a statement
    """Counts the processes that use the servers, so that the last one stops them."""

    def __init__(self, folder: Path) -> None:
        self.own = folder / f"user-{os.getpid()}"

    def __enter__(self) -> Callable[[], bool]:
        self.own.touch()
        return self._last

    def _last(self) -> bool:
        self.own.unlink()
        return not list(self.own.parent.glob("user-*"))

    def __exit__(self, *_: object) -> None:
        self.own.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def mongodb_url(servers: Servers) -> str:
    """The database server: `RAPPORT_MONGODB_URL` when set, else a local one."""
    return servers.mongodb_url


@pytest.fixture(scope="module")
def amqp_url(servers: Servers) -> str:
    """A virtual host of the test module's own."""
    return servers.vhost()


@pytest.fixture(scope="module")
def database_prefix(servers: Servers) -> str:
    """What the names of the test module's own databases start with."""
    return servers.prefix()


@pytest.fixture(scope="module")
def running_stack(
    tmp_path_factory: pytest.TempPathFactory, amqp_url: str, mongodb_url: str, database_prefix: str
) -> Iterator[RunningStack]:
    """The five services as processes, with virtual host and databases of the test module's own."""
    stack = RunningStack(tmp_path_factory.mktemp("services"), amqp_url, mongodb_url, database_prefix)
    try:
        yield stack.start()
    finally:
        stack.stop()


@pytest.fixture
def private_servers(tmp_path: Path) -> Iterator[Servers]:
    """A broker and a database of the test's own, to be killed and started again at will."""
    servers = Servers(tmp_path / "servers")
    try:
        yield servers.start()
    finally:
        servers.stop()
