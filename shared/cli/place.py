"""Where the services are, and the key to use: options, then the environment, then what `up` has written."""

import os
from pathlib import Path

SERVICES = ("contacts", "sales", "campaigns", "support", "analytics")
ROOT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """Return the folder of the local installation: RAPPORT_HOME, else `.rapport` in the project."""
    return Path(os.environ.get("RAPPORT_HOME") or ROOT / ".rapport")


def url_of(service: str, given: str | None = None) -> str:
    """Return the base URL of a service."""
    port = int(os.environ.get("RAPPORT_PORT_BASE") or 8100) + SERVICES.index(service) + 1
    url = given or os.environ.get(f"RAPPORT_{service.upper()}_URL") or f"http://127.0.0.1:{port}"
    return url.rstrip("/")


def key_of(given: str | None = None) -> str:
    """Return the API key; empty when there is none."""
    path = home() / "secrets" / "admin-key"
    if given or os.environ.get("RAPPORT_KEY"):
        return given or os.environ["RAPPORT_KEY"]
    return path.read_text().strip() if path.is_file() and os.access(path, os.R_OK) else ""


def broker_url(given: str | None = None) -> str:
    """Return the broker's URL, with what the local broker wrote; empty when there is none."""
    if given or os.environ.get("RAPPORT_AMQP_URL"):
        return given or os.environ["RAPPORT_AMQP_URL"]
    password = home() / "broker" / "password"
    if not password.is_file():
        return ""
    port = int(os.environ.get("RAPPORT_PORT_BASE") or 8100) + 10
    return f"amqp://rapport:{password.read_text().strip()}@127.0.0.1:{port}/%2F"
