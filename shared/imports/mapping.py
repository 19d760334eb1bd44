"""Mapping files: read, checked with every error at once, compiled."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shared.channel.checker import violations
from shared.channel.contracts import full_type
from shared.channel.errors import NotEmitted
from shared.imports.condition import Condition, condition
from shared.imports.expression import Expression, MappingError, expression
from shared.imports.mapping_shape import SCHEMA, PlainLoader

_DIALECT = {"delimiter": ",", "quote": '"', "encoding": "utf-8"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a row has to fulfil, the field it is about, and the reason given when it does not."""

    holds: Condition
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of event and the rows that make it."""

    takes: Condition
    type: str
    id: Expression | None
    time: Expression
    require: tuple[Requirement, ...]
    data: Expression


@dataclass(frozen=True, slots=True)
class FileMap:
    """A compiled mapping. It may remember the rows it has seen: use one per run."""

    source: str
    file: Mapping[str, Any]
    group_by: str | None
    gap: int
    rules: tuple[Rule, ...]
    digest: str


def read_map(path: Path) -> FileMap:
    """Read and compile a mapping file. Raises MappingError telling what is wrong and where."""
    raw = path.read_bytes()
    try:
        spec = yaml.load(raw, PlainLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise MappingError("", f"is not YAML: {error}") from error
    if found := violations(SCHEMA, spec):
        (pointer, reason), *more = found
        raise MappingError(pointer, "; ".join([reason, *(f"{at or '/'} {why}" for at, why in more)]))
    return compiled(spec, hashlib.sha256(raw).hexdigest())


def compiled(spec: Mapping[str, Any], digest: str = "") -> FileMap:
    """Compile a mapping that has the right shape. Raises MappingError."""
    group = spec.get("group", {})
    rules = tuple(_rule(each, f"/events/{index}") for index, each in enumerate(spec["events"]))
    return FileMap(
        spec["source"], _DIALECT | spec["file"], group.get("by"), group.get("gap", 0), rules, digest
    )


def _rule(spec: Mapping[str, Any], at: str) -> Rule:
    try:
        kind = full_type(spec["type"])
    except NotEmitted as error:
        raise MappingError(f"{at}/type", error.errors[0][1]) from error
    return Rule(
        takes=condition(spec["when"], f"{at}/when") if "when" in spec else lambda _: True,
        type=kind,
        id=expression({"template": spec["id"]}, f"{at}/id") if "id" in spec else None,
        time=expression(spec["time"], f"{at}/time"),
        require=tuple(_requirement(e, f"{at}/require/{i}") for i, e in enumerate(spec.get("require", []))),
        data=expression(spec["data"], f"{at}/data"),
    )


def _requirement(spec: Mapping[str, Any], at: str) -> Requirement:
    rest = {key: value for key, value in spec.items() if key != "reason"}
    return Requirement(condition(rest, at), str(spec.get("column", "")), spec["reason"])
