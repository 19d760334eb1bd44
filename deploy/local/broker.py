"""A private RabbitMQ node: own port, own cookie, own data folder, loopback only."""

import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

SCRIPTS = (Path("/usr/lib/rabbitmq/bin"), Path("/usr/local/sbin"), Path("/opt/rabbitmq/sbin"))
CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{port}
default_user = rapport
default_pass = {password}
loopback_users = none
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 256MB
log.console = false
log.file.level = warning
"""


class BrokerFailed(Exception):
    """The node did not become ready; the message says where its log is."""


def server_script() -> Path | None:
    """Return the server script of the installed RabbitMQ, or None when there is none."""
    found = (folder / "rabbitmq-server" for folder in SCRIPTS)
    return next((script for script in found if script.exists()), None)


class Broker:
    """A private node in `directory`; data and password survive `stop` and `kill`."""

    def __init__(self, directory: Path, port: int, node_name: str = "rapport") -> None:
        self.directory, self.port, self.node_name = directory.resolve(), port, node_name
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the node started by this object, while it runs."""
        return self._process.pid if self.running else None

    @property
    def running(self) -> bool:
        """Whether the node started by this object is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def url(self) -> str:
        """The AMQP address with user and password."""
        return f"amqp://rapport:{self._password()}@127.0.0.1:{self.port}//"

    def start(self, timeout: float = 60.0) -> None:
        """Start the node and return once it speaks AMQP. Raises BrokerFailed after `timeout` seconds."""
        if self.running:
            return
        self.spawn()
        self.wait_ready(timeout)

    def spawn(self) -> None:
        """Start the node without waiting for it."""
        self._prepare()
        script = server_script()
        if script is None:
            raise BrokerFailed("RabbitMQ is not installed (Debian package rabbitmq-server)")
        with (self.directory / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                [str(script)],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return once the node speaks AMQP. Raises BrokerFailed after `timeout` seconds or when it died."""
        deadline = time.monotonic() + timeout
        while not self._answers():
            if not self.running or time.monotonic() > deadline:
                raise BrokerFailed(f"the broker is not ready on port {self.port}; see {self.directory}/log")
            time.sleep(0.1)

    def stop(self, timeout: float = 15.0) -> None:
        """Stop the node in order, by force after `timeout` seconds, and its port mapper with it."""
        if self._process is not None and self.running:
            self._process.terminate()
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self._stop_port_mapper()

    def kill(self) -> None:
        """Kill the node as a crash would."""
        if self._process is not None and self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def environment(self) -> dict[str, str]:
        """Return the environment that keeps the node apart from every other one on the machine."""
        home = str(self.directory)
        return os.environ | {
            "HOME": home,
            "RABBITMQ_NODENAME": f"{self.node_name}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(self.port + 20000),
            "ERL_EPMD_PORT": str(self.port + 30000),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": f"{home}/data",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_ALLOW_INPUT": "1",
            "RABBITMQ_SERVER_START_ARGS": "-noinput",
        }

    def _prepare(self) -> None:
        for folder in (self.directory, self.directory / "data", self.directory / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        _write_private(self.directory / "rabbitmq.conf", CONFIG.format(port=self.port, password=self._password()))
        (self.directory / "enabled_plugins").write_text("[].\n")
        cookie = self.directory / ".erlang.cookie"
        if not cookie.exists():
            _write_private(cookie, secrets.token_hex(20))
            cookie.chmod(0o400)

    def _password(self) -> str:
        file = self.directory / "password"
        if not file.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            _write_private(file, secrets.token_hex(16))
        return file.read_text()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.settimeout(2)
                probe.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(probe.recv(1))
        except OSError:
            return False

    def _stop_port_mapper(self) -> None:
        environment = os.environ | {"ERL_EPMD_PORT": str(self.port + 30000)}
        subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False, timeout=5)


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(text)
