"""Custom fields over HTTP: what the plan says of a field goes with the command that sets it."""

from dataclasses import replace
from typing import Any

from shared.plan import Declared, SetField
from shared.service.preparing import Prepared, Preparing


def declaring(preparing: Preparing, declared: Declared) -> Preparing:
    """Return the hooks of an aggregate that takes the fields of a plan besides."""

    def complete(command: Any) -> Prepared:
        if isinstance(command, SetField):
            return Prepared(replace(command, rule=declared.rules([command.field])[command.field]))
        return preparing.complete(command)

    return Preparing(preparing.resolve, complete)
