"""Refusals as they travel back to who asked by RPC."""

import json
from typing import Any

from nameko.exceptions import deserialize_to_instance

from shared.errors import Error


@deserialize_to_instance
class RemoteProblem(Error):
    """The service refused; `document` is the problem it would have answered over HTTP (RFC 9457)."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        super().__init__(document)

    def __str__(self) -> str:
        errors = [f"{e['pointer']} {e['detail']}" for e in self.document.get("errors", ())]
        said = self.document.get("detail") or self.document.get("title") or "refused"
        return "; ".join([str(said), *errors])

    @property
    def status(self) -> int:
        """The HTTP status of the problem."""
        return int(self.document.get("status", 500))


def serialized(document: dict[str, Any]) -> dict[str, Any]:
    """Return the problem as nameko's clients read errors; who does not know the class gets JSON text."""
    kind = RemoteProblem
    return {
        "exc_type": kind.__name__,
        "exc_path": f"{kind.__module__}.{kind.__name__}",
        "exc_args": [document],
        "value": json.dumps(document),
    }
