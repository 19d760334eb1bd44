"""A private RabbitMQ node from Debian's package, in a folder of its own."""

import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

from deploy.local.packages import Say, install
from deploy.local.processes import MARK, claim, sweep
from deploy.local.program import Program
from deploy.local.refusal import Refusal

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
CONTROL = Path("/usr/lib/rabbitmq/bin/rabbitmqctl")
USER = "rapport"
CONFIG = """\
listeners.tcp.local = 127.0.0.1:{port}
default_user = {user}
default_pass = {password}
default_vhost = /
default_user_tags.administrator = true
cluster_name = rapport-local
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 200MB
log.console = false
log.file = {log}
log.file.level = warning
log.file.rotation.size = 10485760
log.file.rotation.count = 3
"""


class Broker(Program):
    """One RabbitMQ node: own name, ports, cookie, user and data; loopback only; no plugins."""

    title = "broker"
    patience = 60.0

    def __init__(self, directory: Path, port: int, node_name: str = "rapport") -> None:
        super().__init__(directory)
        self.port, self.node_name = port, f"{node_name.removesuffix('@localhost')}@localhost"
        self.names_port, self.distribution_port = port + 1, port + 2

    @property
    def url(self) -> str:
        """Where and as whom to connect, with the password of this folder."""
        return self.url_of("%2F")

    def url_of(self, vhost: str) -> str:
        """The same for another virtual host."""
        return f"amqp://{USER}:{self._secret('password')}@127.0.0.1:{self.port}/{vhost}"

    def prepare(self, say: Say = print) -> None:
        """Install the package if needed, check the ports, write the configuration.

        Raises:
            Refusal: no permission to install, or a port is taken.
        """
        if not SERVER.exists():
            install("rabbitmq-server", say)
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        claim(self.port, "message broker")
        claim(self.distribution_port, "message broker's control")
        self._write_files()

    def _write_files(self) -> None:
        password, log = self._secret("password"), self.directory / "broker.log"
        config = CONFIG.format(port=self.port, user=USER, password=password, log=log)
        self._write("rabbitmq.conf", config)
        self._write("enabled_plugins", "[].\n")
        self._write("environment.conf", "")
        self._secret(".erlang.cookie")

    def _write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text(text)

    def _secret(self, name: str) -> str:
        path = self.directory / name
        if not path.exists():
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(20))
            path.chmod(0o400)  # Erlang refuses a cookie that others may read
        return path.read_text().strip()

    def command(self) -> list[str]:
        """How the node is started in the foreground."""
        return [str(SERVER)]

    def environment(self) -> dict[str, str]:
        """What the node and its control command need, and nothing of the caller's Erlang settings."""
        at = str(self.directory)
        return {
            "HOME": at,
            "RUNNING_UNDER_SYSTEMD": "1",  # the script then becomes the node, so that SIGTERM reaches it
            "RABBITMQ_NODENAME": self.node_name,
            "RABBITMQ_CONFIG_FILE": f"{at}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": f"{at}/environment.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{at}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{at}/data",
            "RABBITMQ_LOG_BASE": f"{at}/log",
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": str(self.names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            MARK: at,
        }

    def ready(self) -> bool:
        """Whether the node speaks AMQP."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.settimeout(2)
                probe.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(probe.recv(1))
        except OSError:
            return False

    def add_vhost(self, name: str) -> str:
        """Make a virtual host (again is fine) and return its URL."""
        self.control("add_vhost", name)
        self.control("set_permissions", "-p", name, USER, ".*", ".*", ".*")
        return self.url_of(name)

    def delete_vhost(self, name: str) -> None:
        """Remove a virtual host with everything in it."""
        self.control("delete_vhost", name)

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl against this node and return what it says.

        Raises:
            Refusal: the node is not there or says no.
        """
        done = subprocess.run(
            [str(CONTROL), "-q", *arguments],
            env=os.environ | self.environment(),
            cwd=self.directory,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise Refusal(f"rabbitmqctl {arguments[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def stop(self, timeout: float = 10.0) -> None:
        """Stop the node, then its name server, which Erlang leaves behind."""
        super().stop(timeout)
        sweep(self.directory, grace=2)

    def wipe(self) -> None:
        """Stop and forget everything."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
