"""The contract of one event type, and the check every payload passes at every edge."""

import builtins
import inspect
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import fastjsonschema
from marshmallow import Schema, ValidationError

from shared.contracts.derive import personal_fields, schema_of
from shared.contracts.json_schema import json_schema
from shared.errors import FieldError, Invalid
from shared.events.clock import parse_rfc3339


def _is_moment(text: str) -> bool:
    return bool(parse_rfc3339(text))


def _is_day(text: str) -> bool:
    return len(text) == 10 and text[4] == "-" == text[7] and bool(date.fromisoformat(text))


FORMATS = {"date-time": _is_moment, "date": _is_day}


@dataclass(frozen=True)
class Contract:
    """An event type: its full name, who owns it, its payload and how long its personal fields are kept."""

    type: str
    owner: str
    payload: builtins.type[Any]
    retention_days: int = 3650
    summary: str = ""
    schema: Schema = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "schema", schema_of(self.payload))

    @property
    def personal(self) -> tuple[str, ...]:
        """Names of the fields that are sealed."""
        return personal_fields(self.payload)

    @cached_property
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema as committed under `shared/contracts/schemas`."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:rapport:{self.type}",
            "title": self.type,
            "description": self.summary or inspect.cleandoc(self.payload.__doc__ or ""),
            "x-owner": self.owner,
            "x-personal": list(self.personal),
            "x-retention-days": self.retention_days,
            **json_schema(self.schema),
        }

    @cached_property
    def _compiled(self) -> Callable[[Any], Any]:
        # Under the fourth draft 1.0 is no integer, as it is none for marshmallow.
        compiled = {**self.json_schema, "$schema": "http://json-schema.org/draft-04/schema#"}
        compiled.pop("$id")
        checker: Callable[[Any], Any] = fastjsonschema.compile(
            compiled, formats=FORMATS, use_default=False, detailed_exceptions=False
        )
        return checker

    @cached_property
    def _fractional(self) -> bool:
        # What is no number passes every comparison of the compiled check.
        return '"number"' in json.dumps(self.json_schema)

    def check(self, data: Any) -> dict[str, Any]:
        """Return the payload in its canonical form, or raise Invalid naming every wrong field.

        A compiled checker answers "certainly right" for nearly all; whatever it refuses is judged, and
        explained, by marshmallow (tests/unit/contracts/test_contract.py holds the two against each other).
        """
        return data if self.certain(data) else self._judged(data)

    def certain(self, data: Any) -> bool:
        """Tell whether a payload is certainly right; what is doubtful may be right as well."""
        try:
            self._compiled(data)
        except (fastjsonschema.JsonSchemaException, ValueError):
            return False
        return not self._fractional or _finite(data)

    def _judged(self, data: Any) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self.schema.dump(self.schema.load(data))
        except ValidationError as error:
            messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
            raise Invalid(*flatten(messages)) from error
        return found


def _finite(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_finite, value.values()))
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def flatten(messages: Mapping[Any, Any], at: str = "") -> Iterator[FieldError]:
    """Yield marshmallow's nested messages as one error per JSON pointer."""
    for key, value in messages.items():
        here = at if key == "_schema" else f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"
        if isinstance(value, Mapping):
            yield from flatten(value, here)
        else:
            texts = value if isinstance(value, list) else [value]
            yield from (FieldError(here, str(text)) for text in texts)
