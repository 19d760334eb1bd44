"""The local database: a real mongod when there is one, else the embedded server."""

import secrets
import shutil
import sys
from pathlib import Path

import pymongo
from pymongo.errors import PyMongoError

from deploy.local.packages import Say
from deploy.local.processes import MARK, claim
from deploy.local.program import Program

USER = "rapport"
ROOT = Path(__file__).resolve().parents[2]


class Database(Program):
    """One database server in a folder, on loopback, with a user and a generated password."""

    title = "database"
    patience = 180.0  # seconds; after an unclean stop the indexes are checked first

    def __init__(self, directory: Path, port: int) -> None:
        super().__init__(directory)
        self.port = port

    @property
    def embedded(self) -> bool:
        """Whether the embedded server is used; a folder stays with the server that made its data."""
        if (self.directory / "embedded").exists():
            return True
        return shutil.which("mongod") is None

    @property
    def url(self) -> str:
        """Where and as whom to connect.

        The embedded server remembers every retryable write and searches them all on each: no retryWrites.
        """
        options = "retryWrites=false&directConnection=true" if self.embedded else "directConnection=true"
        return f"mongodb://{USER}:{self.password()}@127.0.0.1:{self.port}/?authSource=admin&{options}"

    def password(self) -> str:
        """The password of this folder, made at first use."""
        path = self.directory / "password"
        if not path.exists():
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(20))
        return path.read_text()

    def prepare(self, say: Say = print) -> None:
        """Make the folder and check the port.

        Raises:
            Refusal: the port is taken.
        """
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        claim(self.port, "database")
        self.password()
        if self.embedded and not (self.directory / "embedded").exists():
            say("no mongod here: using the embedded database (for a first look, not for production)")

    def command(self) -> list[str]:
        """How it is started in the foreground."""
        return [sys.executable, "-m", "deploy.local.serving", str(self.directory), str(self.port)]

    def environment(self) -> dict[str, str]:
        """What it needs beyond the caller's environment."""
        return {MARK: str(self.directory), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def ready(self) -> bool:
        """Whether it takes writes from our user."""
        try:
            with pymongo.MongoClient[dict[str, object]](self.url, serverSelectionTimeoutMS=500) as client:
                client.admin.command("ping")
                return bool(client.admin.command("hello").get("isWritablePrimary"))
        except PyMongoError:
            return False

    def wipe(self) -> None:
        """Stop and forget everything."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
