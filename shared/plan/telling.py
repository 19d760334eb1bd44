"""Custom fields that channel events tell: what the plan says of each goes with the command that sets it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.decide import Streams
from shared.errors import FieldError, Invalid
from shared.plan.custom import SetField
from shared.plan.declared import Declared
from shared.plan.fields import Rule, admit
from shared.receive import Heard, Instruct


def fields_told(category: str, key: str, heard: Heard) -> list[Instruct]:
    """Return what sets the fields that an event tells of a record."""
    told = heard.data.get("fields") or {}
    return [Instruct(category, key, SetField(key, name, to, heard.time)) for name, to in told.items()]


class Telling:
    """Completes the instructions of an event. Raises Invalid naming every field that is not as planned."""

    def __init__(self, streams: Mapping[str, Streams[Any]]) -> None:
        self._streams = streams

    def __call__(self, instructions: Sequence[Instruct]) -> Sequence[Instruct]:
        """Return the instructions with nothing missing."""
        told = [i for i in instructions if isinstance(i.command, SetField)]
        if not told:
            return instructions
        declared = Declared(self._streams, told[0].category)
        rules = declared.rules(i.command.field for i in told)
        _admit(rules, (i.command for i in told))
        return [_ruled(i, rules) for i in instructions]


def _admit(rules: Mapping[str, Rule | None], commands: Iterable[SetField]) -> None:
    errors: list[FieldError] = []
    for command in commands:
        try:
            admit(rules[command.field], command.to, f"/data/fields/{command.field}")
        except Invalid as error:
            errors += error.errors
    if errors:
        raise Invalid(*errors)


def _ruled(instruct: Instruct, rules: Mapping[str, Rule | None]) -> Instruct:
    if not isinstance(instruct.command, SetField):
        return instruct
    return replace(instruct, command=replace(instruct.command, rule=rules[instruct.command.field]))
