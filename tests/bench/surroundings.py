"""Where numbers come from: without machine and versions they say nothing."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from pymongo import MongoClient

PACKAGES = (
    "nameko", "eventlet", "kombu", "amqp", "pika", "marshmallow", "fastjsonschema", "pymongo", "orjson",
    "faststream", "celery", "eventsourcing",
)  # fmt: skip


def facts(mongodb_url: str, embedded: bool, seed: int) -> dict[str, str]:
    """Return hardware, versions and seed, by name."""
    return {
        "processor": f"{os.cpu_count()} x {_processor()}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "broker": f"RabbitMQ {_broker()}",
        "database": _database(mongodb_url, embedded),
        "packages": ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "revision": _revision(),
        "seed": str(seed),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(absent)"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _broker() -> str:
    return _output("dpkg-query", "-W", "-f", "${Version}", "rabbitmq-server") or "of unknown version"


def _database(url: str, embedded: bool) -> str:
    if embedded:
        return f"SecantusDB {version('SecantusDB')} (embedded, for development)"
    with MongoClient[dict[str, object]](url) as client:
        return f"MongoDB {client.server_info()['version']}"


def _revision() -> str:
    changed = " with changes" if _output("git", "status", "--porcelain", "--untracked-files=no") else ""
    return (_output("git", "rev-parse", "--short", "HEAD") or "unknown") + changed


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except OSError:
        return ""
    return done.stdout.strip()
