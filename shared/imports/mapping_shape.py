"""The shape of a mapping file, and YAML as people expect it."""

import re
from typing import Any

import yaml

_ANY: dict[str, Any] = {}
_RULE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "time", "data"],
    "properties": {
        "when": {"type": "object"},
        "type": {"type": "string"},
        "id": {"type": "string", "minLength": 1},
        "time": _ANY,
        "require": {"type": "array", "items": {"type": "object", "required": ["reason"]}},
        "data": {"type": "object"},
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["source", "file", "events"],
    "properties": {
        "about": {"type": "string"},
        "source": {"type": "string", "minLength": 1, "maxLength": 200},
        "file": {
            "type": "object",
            "additionalProperties": False,
            "required": ["format"],
            "properties": {
                "format": {"type": "string", "enum": ["csv", "ndjson", "excel"]},
                "delimiter": {"type": "string", "minLength": 1, "maxLength": 1},
                "quote": {"type": "string", "minLength": 1, "maxLength": 1},
                "encoding": {"type": "string"},
                "sheet": {"type": "string"},
            },
        },
        "group": {
            "type": "object",
            "additionalProperties": False,
            "required": ["by"],
            "properties": {"by": {"type": "string"}, "gap": {"type": "integer", "minimum": 0}},
        },
        "events": {"type": "array", "minItems": 1, "items": _RULE},
    },
}


class PlainLoader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: `no` and `on` are column names, and dates are text."""


PlainLoader.yaml_implicit_resolvers = {
    letter: [
        each for each in known if each[0] not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
    ]
    for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
