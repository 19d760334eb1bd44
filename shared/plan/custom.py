"""Custom fields: what a company keeps of its records beside what every company does, by its plan."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.decide.decider import Elapsed
from shared.errors import NotFound
from shared.plan.fields import Rule, admit
from shared.values import FILLED, Code, Id, Secret, Text

EXPIRY = "expiry of "  # what the name of a field's timer starts with


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """A declared field was told or cleared; a personal value is `secret`, any other one `value`."""

    key: Id
    entity: Code
    field: Code
    value: Text | None = None
    secret: Secret | None = None
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FieldExpired:
    """The value was kept as long as its declaration allows: nothing shows it any more."""

    key: Id
    entity: Code
    field: Code


@dataclass(frozen=True, slots=True)
class SetField:
    """Set a field that the plan of this kind of record declares; an empty text clears it."""

    key: Id
    field: Code
    to: Secret
    at: datetime | None = None
    rule: Rule | None = dataclasses.field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class Custom:
    """The custom fields of one record: values by field, sealed as they are, and until when some are kept."""

    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    kept_until: Mapping[str, datetime] = dataclasses.field(default_factory=dict)

    @property
    def timers(self) -> dict[str, datetime]:
        """The timers of the record that end what is kept for a time."""
        return {f"{EXPIRY}{name}": due for name, due in self.kept_until.items()}

    def after(self, event: FieldChanged | FieldExpired) -> "Custom":
        """Return the fields after the event."""
        values = {name: value for name, value in self.values.items() if name != event.field}
        kept = {name: due for name, due in self.kept_until.items() if name != event.field}
        if isinstance(event, FieldChanged) and (told := event.value or event.secret):
            values[event.field] = told
            kept |= {event.field: event.keep_until} if event.keep_until else {}
        return Custom(values, kept)


NO_FIELDS = Custom()


def keeping(entity: str, id_of: Callable[[Any], str | None]) -> dict[type, Callable[[Any, Any], list[Any]]]:
    """Return what a kind of record decides about its fields, which its state has as `custom`.

    `id_of(state)` is empty before there is a record. An elapsed timer of another kind brings nothing.
    """

    def set_(state: Any, command: SetField) -> list[Any]:
        if not id_of(state):
            raise NotFound(f"{entity} {command.key} is not known")
        return _set(entity, state.custom, command)

    def expire(state: Any, command: Elapsed) -> list[Any]:
        name = command.timer.removeprefix(EXPIRY)
        due = state.custom.kept_until.get(name) == command.at
        return [FieldExpired(id_of(state) or "", entity, name)] if due else []

    return {SetField: set_, Elapsed: expire}


def _set(entity: str, known: Custom, command: SetField) -> list[Any]:
    """Only declared fields are kept, and what they take. A sealed value can not be compared: it is news."""
    admit(command.rule, command.to)
    personal = command.rule is not None and command.rule.personal
    if not personal and known.values.get(command.field, "") == command.to:
        return []
    value, secret = (None, command.to) if personal else (command.to, None)
    keep = command.rule.keep_until(command.at) if command.rule and command.at and command.to else None
    return [FieldChanged(command.key, entity, command.field, value, secret, keep)]
