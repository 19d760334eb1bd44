"""Collection plan: which fields are collected, what for, and how long; one plan per kind of record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.contacts.domain.fields import STANDARD, FieldType, Rule
from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Code, Id, Positive, Text


@dataclass(frozen=True, slots=True)
class FieldDeclared:
    """The field is collected, for this purpose."""

    plan_id: Id
    field: Code
    type: FieldType
    purpose: Text
    retention_days: Positive
    mandatory: bool = False
    personal: bool = True
    vocabulary: Id | None = None


@dataclass(frozen=True, slots=True)
class FieldRevised:
    """The declaration reads so from now on; values kept before stay as they are."""

    plan_id: Id
    field: Code
    type: FieldType
    purpose: Text
    retention_days: Positive
    mandatory: bool = False
    personal: bool = True
    vocabulary: Id | None = None


@dataclass(frozen=True, slots=True)
class FieldRetired:
    """The field is collected no more; what was kept stays readable."""

    plan_id: Id
    field: Code
    reason: Text


@dataclass(frozen=True, slots=True)
class DeclareField:
    """Declare a field before it is collected. `choice` takes the terms of a vocabulary."""

    plan_id: Id
    field: Code
    type: FieldType
    purpose: Text
    retention_days: Positive
    mandatory: bool = False
    personal: bool = True
    vocabulary: Id | None = None


@dataclass(frozen=True, slots=True)
class ReviseField:
    """Change a declaration; its type stays, because values of it are kept."""

    plan_id: Id
    field: Code
    purpose: Text
    retention_days: Positive
    mandatory: bool = False
    personal: bool = True
    vocabulary: Id | None = None


@dataclass(frozen=True, slots=True)
class RetireField:
    """Stop collecting a field."""

    plan_id: Id
    field: Code
    reason: Text


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is declared of a field."""

    type: FieldType
    purpose: str
    retention_days: int
    mandatory: bool
    personal: bool
    vocabulary: str | None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The declarations by field."""

    fields: Mapping[str, Declaration] = field(default_factory=dict)

    @property
    def live(self) -> dict[str, Declaration]:
        """The fields that are collected."""
        return {name: d for name, d in self.fields.items() if not d.retired}


def rule_of(plan: Plan, name: str, codes: tuple[str, ...] | None) -> Rule | None:
    """Return what a field takes, `codes` being its vocabulary's; None when it is not declared."""
    declared = plan.live.get(name)
    if declared is None:
        return None if name in plan.fields else STANDARD.get(name)
    return Rule(declared.type, declared.mandatory, codes if declared.vocabulary else None)


def _declare(plan: Plan, command: DeclareField) -> list[Any]:
    if command.field in plan.live:
        raise Conflict(f"{command.field} is declared already: revise it")
    before = plan.fields.get(command.field) or STANDARD.get(command.field)
    if before and before.type != command.type:
        raise Conflict(f"{command.field} holds values of the type {before.type}")
    _vocabulary(command.type, command.vocabulary)
    return [FieldDeclared(*_said(command, command.type))]


def _revise(plan: Plan, command: ReviseField) -> list[Any]:
    kind = _live(plan, command.field).type
    _vocabulary(kind, command.vocabulary)
    revised = FieldRevised(*_said(command, kind))
    return [] if plan.fields[command.field] == _declaration(revised) else [revised]


def _retire(plan: Plan, command: RetireField) -> list[Any]:
    known = plan.fields.get(command.field)
    if known and known.retired:
        return []
    _live(plan, command.field)
    return [FieldRetired(command.plan_id, command.field, command.reason)]


def _said(command: DeclareField | ReviseField, kind: FieldType) -> tuple[Any, ...]:
    if not command.purpose.strip():
        raise Invalid(FieldError("/purpose", "needs to say what the field is collected for"))
    named = (command.plan_id, command.field, kind, command.purpose, command.retention_days)
    return (*named, command.mandatory, command.personal, command.vocabulary)


def _vocabulary(kind: FieldType, vocabulary: str | None) -> None:
    if (kind == "choice") != (vocabulary is not None):
        raise Invalid(FieldError("/vocabulary", "goes with the type choice, and with no other"))


def _live(plan: Plan, name: str) -> Declaration:
    if name not in plan.live:
        raise NotFound(f"{name} is not declared")
    return plan.live[name]


DECIDE: dict[type, Callable[[Plan, Any], list[Any]]] = {
    DeclareField: _declare,
    ReviseField: _revise,
    RetireField: _retire,
}


def decide(plan: Plan, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    return DECIDE[type(command)](plan, command)


def evolve(plan: Plan, event: Any) -> Plan:
    """Return the plan after the event."""
    if isinstance(event, FieldRetired):
        known = plan.fields.get(event.field)
        return Plan({**plan.fields, event.field: replace(known, retired=True)}) if known else plan
    return Plan({**plan.fields, event.field: _declaration(event)})


def _declaration(event: FieldDeclared | FieldRevised) -> Declaration:
    said = (event.type, event.purpose, event.retention_days, event.mandatory, event.personal)
    return Declaration(*said, event.vocabulary)


PLAN: Decider[Plan] = Decider(
    category="plan",
    service="contacts",
    initial=Plan(),
    decide=decide,
    evolve=evolve,
    events=(FieldDeclared, FieldRevised, FieldRetired),
    commands={"declare-field": DeclareField, "revise-field": ReviseField, "retire-field": RetireField},
)
