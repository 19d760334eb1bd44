"""An export as a person reads it: what happened, when, and where it is kept. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Export = Mapping[str, Any]


def readable(export: Export) -> str:
    """Return the export as plain text, one event a paragraph, oldest first."""
    return "\n".join([*_head(export), *(line for event in export["events"] for line in _event(event))]) + "\n"


def _head(export: Export) -> Iterator[str]:
    yield f"All that is held about you (request {export['request_id']})"
    yield ""
    for service, count in export["services"].items():
        yield f"{service}: {count} records"
    for service in export["missing"]:
        yield f"{service}: did not answer, please ask again"


def _event(event: Mapping[str, Any]) -> Iterator[str]:
    _, service, name, *_ = event["type"].split(".")
    yield ""
    yield f"{event['time'][:16].replace('T', ' ')} UTC  {_words(name)} ({service})"
    yield from _fields(event["data"], "  ")


def _fields(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in data.items():
        said = name.replace("_", " ")
        if isinstance(value, Mapping):
            yield f"{indent}{said}:"
            yield from _fields(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, item in enumerate(value, 1):
                yield f"{indent}{said} {number}:"
                yield from _fields(item, indent + "  ")
        elif value not in (None, "", []):
            yield f"{indent}{said}: {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
