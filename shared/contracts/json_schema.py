"""JSON Schema (2020-12) of a marshmallow schema: one walk for files, OpenAPI-free checks and documents."""

from typing import Any

from marshmallow import Schema, fields, validate

from shared.contracts.fields import Day, Flag, Moment, Number

SIMPLE: tuple[tuple[type, dict[str, Any]], ...] = (
    (Flag, {"type": "boolean"}),
    (Number, {"type": "integer"}),
    (Moment, {"type": "string", "format": "date-time"}),
    (Day, {"type": "string", "format": "date"}),
    (fields.Float, {"type": "number"}),
    (fields.String, {"type": "string"}),
)


def json_schema(schema: Schema) -> dict[str, Any]:
    """Return the self-contained JSON Schema of an object."""
    properties = {name: of_field(field) for name, field in schema.fields.items()}
    required = [name for name, field in schema.fields.items() if field.required]
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def of_field(field: Any) -> dict[str, Any]:
    """Return the JSON Schema of one field, with its bounds and description."""
    found = _base(field)
    for validator in field.validators:
        found |= _bounds(validator, found.get("type"))
    if field.allow_none:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    if said := field.metadata.get("description"):
        found["description"] = said
    return found


def _base(field: Any) -> dict[str, Any]:
    if isinstance(field, fields.Nested):
        return json_schema(field.schema)
    if isinstance(field, fields.List):
        return {"type": "array", "items": of_field(field.inner)}
    if isinstance(field, fields.Dict):
        values = of_field(field.value_field) if field.value_field else True
        return {"type": "object", "additionalProperties": values}
    for kind, found in SIMPLE:
        if isinstance(field, kind):
            return dict(found)
    return {}


def _bounds(validator: Any, kind: Any) -> dict[str, Any]:
    match validator:
        case validate.Length():
            least, most = ("minItems", "maxItems") if kind == "array" else ("minLength", "maxLength")
            return {k: v for k, v in ((least, validator.min), (most, validator.max)) if v is not None}
        case validate.Range():
            found = (("minimum", validator.min), ("maximum", validator.max))
            return {k: v for k, v in found if v is not None}
        case validate.OneOf():
            return {"enum": list(validator.choices)}
        case validate.Regexp():
            return {"pattern": validator.regex.pattern}
    return {}
