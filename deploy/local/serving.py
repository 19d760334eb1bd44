"""Run the database server of a folder: what must be done before it serves, then serve until told to stop."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pymongo
from pymongo.errors import ConnectionFailure, OperationFailure

from deploy.local.database import USER, Database
from deploy.local.indexes import repair_indexes
from deploy.local.processes import free_port

CACHE = "256M"
# New pages are written out early, by threads of the storage engine, and never by whoever happens to read.
# Otherwise a page grows until it has to be written at once, which fails while any other command looks at it:
# from about 25,000 documents on, a busy server then stands still for seconds at every access.
TUNING = {
    "SECANTUS_CHECKPOINT_SECONDS": "10",
    "WIREDTIGER_CONFIG": "eviction=(threads_min=2,threads_max=4),"
    "eviction_dirty_target=1,eviction_dirty_trigger=80,"
    "eviction_updates_target=1,eviction_updates_trigger=80",
}
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def say(text: str) -> None:
    """One line into this program's log."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Serving:
    """One run of one server; SIGTERM passes on to the server and ends the run."""

    def __init__(self, database: Database) -> None:
        self.database, self.directory = database, database.directory
        self.child: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False
        signal.signal(signal.SIGTERM, self._pass_on)

    def _pass_on(self, *_: object) -> None:
        self.asked_to_stop = True
        if self.child is not None:
            self.child.terminate()

    def start(self, command: list[str]) -> None:
        """Start the server, to die with us."""
        self.child = subprocess.Popen(
            command,
            cwd=self.directory,
            env=os.environ | TUNING,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - this program has one thread
        )

    def wait(self) -> int:
        """Return the server's exit code once it has ended."""
        return self.child.wait() if self.child is not None else 0

    def end(self) -> int:
        """Stop the server and return its exit code."""
        if self.child is not None:
            self.child.terminate()
        return self.wait()

    def wait_until_it_answers(self, url: str) -> None:
        """Return when the server answers, with or without a user; fail when it ended."""
        while not _answers(url):
            if self.child is None or self.child.poll() is not None:
                raise SystemExit("the database server ended while it was started")
            time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with pymongo.MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=300) as client:
            return bool(client.admin.command("hello"))
    except ConnectionFailure:
        return False


def serve_embedded(serving: Serving) -> int:
    """Serve with SecantusDB: user made and indexes checked before anybody else can connect."""
    folder = serving.directory
    data, clean, user = folder / "embedded", folder / "stopped-cleanly", folder / "has-user"
    (folder / "empty.toml").touch()
    needs_repair = data.exists() and not clean.exists()
    if needs_repair or not user.exists():
        _in_private(serving, data, needs_repair)
        user.touch()
    clean.unlink(missing_ok=True)
    if serving.asked_to_stop:
        return 0
    serving.start([*_embedded(data, serving.database.port), "--auth"])
    code = serving.wait()
    if code == 0:
        clean.touch()
    return 0 if serving.asked_to_stop else code


def _in_private(serving: Serving, data: Path, needs_repair: bool) -> None:
    port = free_port()
    url = f"mongodb://127.0.0.1:{port}/?retryWrites=false&directConnection=true"
    serving.start(_embedded(data, port))
    serving.wait_until_it_answers(url)
    if needs_repair:
        say("the database was not stopped cleanly: checking its indexes")
        say(f"indexes rebuilt: {len(repair_indexes(url, say))}")
    _create_user(url, serving.database.password())
    serving.end()


def _embedded(data: Path, port: int) -> list[str]:
    server = Path(sys.executable).with_name("secantusd-py")
    where = ["--host", "127.0.0.1", "--port", str(port), "--storage-path", str(data)]
    care = ["--sync-on-commit", "--cache-size", CACHE, "--config", "empty.toml", "--log-level", "WARNING"]
    return [str(server), *where, *care]


def _create_user(url: str, password: str) -> None:
    with pymongo.MongoClient[dict[str, object]](url) as client:
        try:
            client.admin.command("createUser", USER, pwd=password, roles=[{"role": "root", "db": "admin"}])
        except OperationFailure as error:
            if error.code != 51003:  # the user exists: an earlier first start was interrupted
                raise


def serve_mongod(serving: Serving) -> int:
    """Serve with mongod as a replica set of one; it repairs itself."""
    folder, port = serving.directory, serving.database.port
    data, key, made = folder / "mongod", folder / "replica.key", folder / "has-replica-set"
    data.mkdir(exist_ok=True)
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(serving.database.password() * 2)
    where = ["--bind_ip", "127.0.0.1", "--port", str(port), "--dbpath", str(data)]
    serving.start(["mongod", *where, "--replSet", "rapport", "--keyFile", str(key), "--quiet"])
    if not made.exists():
        _initiate(serving, f"127.0.0.1:{port}")
        made.touch()
    code = serving.wait()
    return 0 if serving.asked_to_stop else code


def _initiate(serving: Serving, address: str) -> None:
    url = f"mongodb://{address}/?directConnection=true"
    serving.wait_until_it_answers(url)
    with pymongo.MongoClient[dict[str, object]](url) as client:
        config = {"_id": "rapport", "members": [{"_id": 0, "host": address}]}
        client.admin.command("replSetInitiate", config)
        while not client.admin.command("hello").get("isWritablePrimary"):
            time.sleep(0.05)
    _create_user(url, serving.database.password())


def main() -> int:
    """Serve the folder and port named on the command line."""
    database = Database(Path(sys.argv[1]), int(sys.argv[2]))
    serve = serve_embedded if database.embedded else serve_mongod
    return serve(Serving(database))


if __name__ == "__main__":
    sys.exit(main())
