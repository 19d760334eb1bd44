"""The event contracts that ship with this library."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .checker import violations
from .errors import NotEmitted

_HERE = Path(__file__).parent
_SHIPPED, _REPOSITORY = _HERE / "schemas", _HERE.parent / "contracts" / "schemas"


@cache
def contracts() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of the data of every channel event type, by full type name."""
    folder = _SHIPPED if _SHIPPED.is_dir() else _REPOSITORY
    return {
        path.name.removesuffix(".json"): json.loads(path.read_bytes())
        for path in folder.glob("channel.*.json")
    }


@cache
def full_type(name: str) -> str:
    """Return `channel.web.page_viewed.v1` for itself and, with the newest version, for `web.page_viewed`.

    Raises NotEmitted for an unknown type.
    """
    if name in contracts():
        return name
    versions = [known for known in contracts() if known.rpartition(".v")[0] == f"channel.{name}"]
    if not versions:
        raise NotEmitted([("/type", f"{name} is not a known channel event type")])
    return max(versions, key=lambda known: int(known.rpartition(".v")[2]))


def check(kind: str, data: Mapping[str, Any]) -> None:
    """Raise NotEmitted with all reasons when `data` breaks the contract of the full type `kind`."""
    if kind not in contracts():
        raise NotEmitted([("/type", f"{kind} is not a known channel event type")])
    if found := violations(contracts()[kind], data):
        raise NotEmitted([(f"/data{pointer}", reason) for pointer, reason in found])
