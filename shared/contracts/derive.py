"""One declaration, all forms: a payload dataclass gives its marshmallow schema."""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from marshmallow import RAISE, Schema, ValidationError
from marshmallow import fields as wire
from marshmallow import validate as check

from shared.contracts.fields import Day, Flag, Moment, Number
from shared.values import Between, Length, Matching, Personal

F = TypeVar("F", bound=Callable[..., Any])


def once(function: F) -> F:
    """Remember every answer of a function of classes, which mypy takes for not hashable."""
    return cast(F, cache(function))


PLAIN: dict[type, type[wire.Field[Any]]] = {
    str: wire.String,
    int: Number,
    bool: Flag,
    float: wire.Float,
    datetime: Moment,
    date: Day,
    Decimal: wire.Decimal,
}


class WholeMatch(check.Regexp):
    """Like JSON Schema's `pattern` between `^` and `$`: a trailing line feed is not forgiven."""

    def __call__(self, value: str) -> str:  # type: ignore[override]
        """Return the text, or raise ValidationError."""
        if not re.fullmatch(str(self.regex.pattern), value, self.regex.flags):
            raise ValidationError(str(self.error))
        return value


class Payload(Schema):
    """Base of every derived schema: an unknown field is an error, never dropped in silence."""

    class Meta:
        unknown = RAISE

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return a field of the data. What a mapping can do, such as `values`, is none."""
        return obj.get(attr, default) if isinstance(obj, Mapping) else getattr(obj, attr, default)


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a field without `Annotated` and `None`, and what was said about it."""

    kind: Any
    notes: tuple[Any, ...]
    optional: bool


def shape_of(hint: Any) -> Shape:
    """Take a type hint apart."""
    notes: tuple[Any, ...] = ()
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            notes += tuple(more)
        elif get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
            optional = True
            rest = [a for a in get_args(hint) if a is not type(None)]
            hint = rest[0]
        else:
            return Shape(hint, notes, optional)


@once
def shapes_of(cls: Any) -> dict[str, Shape]:
    """Return the shape of every field of a payload dataclass, in order."""
    hints = get_type_hints(cls, include_extras=True)
    return {f.name: shape_of(hints[f.name]) for f in fields(cls)}


@once
def personal_fields(cls: Any) -> tuple[str, ...]:
    """Return the fields that are sealed with the person's key."""
    return tuple(n for n, s in shapes_of(cls).items() if any(isinstance(x, Personal) for x in s.notes))


@once
def schema_of(cls: Any) -> Schema:
    """Return the one prebuilt schema of a payload dataclass."""
    return schema_class(cls)()


@once
def schema_class(cls: Any, without: tuple[str, ...] = ()) -> type[Schema]:
    """Return the marshmallow class of a payload dataclass, without the fields named."""
    declared = {f.name: _field(f, shapes_of(cls)[f.name]) for f in fields(cls) if f.name not in without}
    return type(f"{cls.__name__}Schema", (Payload,), {**declared, "__doc__": cls.__doc__})


def _field(field: Field[Any], shape: Shape) -> wire.Field[Any]:
    required = field.default is MISSING and field.default_factory is MISSING
    said = field.metadata.get("says")
    options: dict[str, Any] = {"required": required, "allow_none": shape.optional}
    if said:
        options["metadata"] = {"description": said}
    return _of(shape, options)


def _of(shape: Shape, options: dict[str, Any]) -> wire.Field[Any]:
    options = {**options, "validate": [v for n in shape.notes if (v := _validator(n)) is not None]}
    origin = get_origin(shape.kind)
    if origin is Literal:
        options["validate"] = [check.OneOf(get_args(shape.kind))]
        return wire.String(**options)
    if origin in (list, tuple):
        return wire.List(_of(shape_of(get_args(shape.kind)[0]), {}), **options)
    if origin in (dict, Mapping):
        return wire.Dict(keys=wire.String(), values=_of(shape_of(get_args(shape.kind)[1]), {}), **options)
    if is_dataclass(shape.kind):
        return wire.Nested(schema_class(shape.kind), **options)
    if shape.kind is Any:
        return wire.Raw(**options)
    return PLAIN[shape.kind](**options)


def _validator(note: Any) -> Any:
    match note:
        case Length(least, most):
            return check.Length(least or None, most)
        case Between(least, most):
            return check.Range(least, most)
        case Matching(pattern, says):
            return WholeMatch(pattern, error=f"The text {says}.")
    return None
