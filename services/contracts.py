"""All contracts of all services, and their committed files: `python -m services.contracts write|check`."""

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from shared.contracts.catalogue import CATALOGUE, Catalogue
from shared.contracts.contract import Contract
from shared.contracts.files import FOLDER, check, write
from shared.decide.decider import Decider
from shared.errors import Conflict
from shared.webhooks import webhook

SERVICES = ("contacts", "sales", "campaigns", "support", "analytics")


def deciders() -> Iterator[Decider[Any]]:
    """Yield every aggregate of every service that has a domain, its webhooks included."""
    for service in SERVICES:
        if find_spec(f"services.{service}.domain"):
            yield from import_module(f"services.{service}.domain").DECIDERS
            yield webhook(service)


def contracts() -> list[Contract]:
    """Return the contracts of all channel types and all domain events, each once.

    Raises ValueError when two aggregates mean different things by one type.
    """
    known = Catalogue(tuple(CATALOGUE))
    known.add(*(c for d in deciders() for c in d.contracts()))
    return list(known)


def main(arguments: list[str]) -> int:
    """Write or check the committed files; return the exit status."""
    try:
        said = [*map(str, write(FOLDER, contracts()))] if arguments == ["write"] else []
    except Conflict as broken:
        said = []
        sys.stderr.write(f"{broken}\n")
    wrong = check(FOLDER, contracts())
    sys.stdout.write("".join(f"{line}\n" for line in [*said, *wrong]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
