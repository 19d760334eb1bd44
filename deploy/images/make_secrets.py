"""Make the secrets of the containers once, one folder per reader (see docker-compose.yml).

Runs in a bare Python image: the standard library alone. Files that exist are kept.
"""

import base64
import hashlib
import json
import secrets
import sys
from pathlib import Path


def make(root: Path) -> None:
    """Write `services/`, `broker/` and `database/` below `root`."""
    services, broker, database = (root / name for name in ("services", "broker", "database"))
    amqp_password = _once(services / "amqp-password", secrets.token_hex(20))
    mongo_password = _once(database / "password", secrets.token_hex(20))
    _once(database / "replica-key", secrets.token_hex(64))
    _once(broker / "definitions.json", definitions(amqp_password))
    _once(services / "amqp-url", f"amqp://rapport:{amqp_password}@rabbitmq:5672/%2F")
    query = "authSource=admin&replicaSet=rapport&w=majority&readConcernLevel=majority"
    _once(services / "mongodb-url", f"mongodb://rapport:{mongo_password}@mongo:27017/?{query}")
    admin_key = _once(services / "admin-key", f"rk_{secrets.token_urlsafe(32)}")
    _once(services / "admin-key-sha256", hashlib.sha256(admin_key.encode()).hexdigest())
    _once(services / "service-key", f"rk_{secrets.token_urlsafe(32)}")
    _once(services / "identity-key", secrets.token_hex(32))
    _once(services / "master-key", secrets.token_hex(32))


def definitions(password: str) -> str:
    """What RabbitMQ loads at boot: one user, one virtual host, and therefore no guest."""
    user = {"name": "rapport", "password_hash": _hashed(password), "tags": "administrator"}
    user["hashing_algorithm"] = "rabbit_password_hashing_sha256"
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    grant = {"user": "rapport", "vhost": "/"} | everything
    return json.dumps({"users": [user], "vhosts": [{"name": "/"}], "permissions": [grant]}, indent=2)


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _once(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(text)
        path.chmod(0o444)  # each folder is mounted only where it is read, by users with differing ids
    return path.read_text()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
