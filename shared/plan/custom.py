"""Custom fields: what a company keeps of its records beside what every company does, by its plan."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.plan.fields import Rule, admit
from shared.values import FILLED, Code, Id, Secret, Text


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """A declared field was told or cleared; a personal value is `secret`, any other one `value`."""

    key: Id
    entity: Code
    field: Code
    value: Text | None = None
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class SetField:
    """Set a field that the plan of this kind of record declares; an empty text clears it."""

    key: Id
    field: Code
    to: Secret
    rule: Rule | None = dataclasses.field(default=None, metadata=FILLED)


def set_field(entity: str, known: Mapping[str, str], command: SetField) -> list[Any]:
    """Only declared fields are kept, and what they take. A sealed value can not be compared: it is news."""
    admit(command.rule, command.to)
    personal = command.rule is not None and command.rule.personal
    if not personal and known.get(command.field, "") == command.to:
        return []
    value, secret = (None, command.to) if personal else (command.to, None)
    return [FieldChanged(command.key, entity, command.field, value, secret)]


def kept(known: Mapping[str, str], event: FieldChanged) -> dict[str, str]:
    """Return the fields after the event."""
    rest = {name: value for name, value in known.items() if name != event.field}
    told = event.value or event.secret
    return {**rest, event.field: told} if told else rest
