"""Opaque cursors: where the next page of a list begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import orjson
from marshmallow import Schema, fields, validate

from shared.errors import FieldError, Invalid
from shared.storable import unstorable

Scalar = str | int


class PageQuery(Schema):
    """The query parameters of every list."""

    limit = fields.Integer(
        load_default=50, validate=validate.Range(1, 200), metadata={"description": "Items per page."}
    )
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=2000),
        metadata={"description": "`next_cursor` of the page before."},
    )


def encode_cursor(*keys: Scalar) -> str:
    """A cursor that `decode_cursor` turns back into `keys`: the sort keys of the last item of a page."""
    return urlsafe_b64encode(orjson.dumps(keys)).rstrip(b"=").decode()


def decode_cursor(text: str, *types: type[Scalar]) -> tuple[Scalar, ...]:
    """The keys inside a cursor, each exactly of its type and storable: never an object or query operator.

    Raises: Invalid naming `cursor`.
    """
    try:
        keys = orjson.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except ValueError:
        keys = None
    if not isinstance(keys, list) or [type(key) for key in keys] != list(types) or unstorable(keys, ""):
        raise Invalid(FieldError("?cursor", "is not a cursor of this list"))
    return tuple(keys)
