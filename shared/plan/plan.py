"""Collection plan: which fields are collected, what for, and how long; one plan per kind of record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.plan.fields import FieldType, Rule
from shared.plan.messages import (
    DeclareField,
    FieldDeclared,
    FieldRetired,
    FieldRevised,
    PlanPublished,
    PublishPlan,
    RetireField,
    ReviseField,
)

CATEGORY = "plan"
Standard = Mapping[str, Mapping[str, Rule]]  # kind of record -> the fields it has, declared or not


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
    """The declarations by field: as drafted, and as published last, which alone counts."""

    fields: Mapping[str, Declaration] = field(default_factory=dict)
    published: Mapping[str, Declaration] = field(default_factory=dict)
    version: int = 0

    @property
    def status(self) -> str:
        """Draft while something is not published."""
        return "published" if self.version and self.fields == self.published else "draft"

    @property
    def drafted(self) -> dict[str, Declaration]:
        """The fields that will be collected once the plan is published."""
        return {name: d for name, d in self.fields.items() if not d.retired}

    @property
    def live(self) -> dict[str, Declaration]:
        """The fields that are collected."""
        return {name: d for name, d in self.published.items() if not d.retired}


def rule_of(
    plan: Plan, name: str, codes: tuple[str, ...] | None, standard: Mapping[str, Rule]
) -> Rule | None:
    """Return what a field takes, `codes` being its vocabulary's; None when it is not declared."""
    declared = plan.live.get(name)
    if declared is None:
        return None if name in plan.published else standard.get(name)
    keeping = (declared.retention_days, declared.personal)
    return Rule(declared.type, declared.mandatory, codes if declared.vocabulary else None, *keeping)


def _declare(plan: Plan, command: DeclareField, standard: Mapping[str, Rule]) -> list[Any]:
    if command.field in plan.drafted:
        raise Conflict(f"{command.field} is declared already: revise it")
    before = plan.fields.get(command.field) or standard.get(command.field)
    if before and before.type != command.type:
        raise Conflict(f"{command.field} holds values of the type {before.type}")
    _vocabulary(command.type, command.vocabulary)
    return [FieldDeclared(*_said(command, command.type))]


def _revise(plan: Plan, command: ReviseField) -> list[Any]:
    kind = _known(plan, command.field).type
    _vocabulary(kind, command.vocabulary)
    revised = FieldRevised(*_said(command, kind))
    return [] if plan.fields[command.field] == _declaration(revised) else [revised]


def _retire(plan: Plan, command: RetireField) -> list[Any]:
    known = plan.fields.get(command.field)
    if known and known.retired:
        return []
    _known(plan, command.field)
    return [FieldRetired(command.plan_id, command.field, command.reason)]


def _publish(plan: Plan, command: PublishPlan) -> list[Any]:
    if not plan.fields:
        raise NotFound(f"the plan {command.plan_id} declares nothing")
    return [] if plan.status == "published" else [PlanPublished(command.plan_id, plan.version + 1)]


def _said(command: DeclareField | ReviseField, kind: FieldType) -> tuple[Any, ...]:
    if not command.purpose.strip():
        raise Invalid(FieldError("/purpose", "needs to say what the field is collected for"))
    named = (command.plan_id, command.field, kind, command.purpose, command.retention_days)
    return (*named, command.mandatory, command.personal, command.vocabulary)


def _vocabulary(kind: FieldType, vocabulary: str | None) -> None:
    if (kind == "choice") != (vocabulary is not None):
        raise Invalid(FieldError("/vocabulary", "goes with the type choice, and with no other"))


def _known(plan: Plan, name: str) -> Declaration:
    if name not in plan.drafted:
        raise NotFound(f"{name} is not declared")
    return plan.drafted[name]


DECIDE: dict[type, Callable[[Plan, Any], list[Any]]] = {
    ReviseField: _revise,
    RetireField: _retire,
    PublishPlan: _publish,
}


def evolve(plan: Plan, event: Any) -> Plan:
    """Return the plan after the event."""
    if isinstance(event, PlanPublished):
        return replace(plan, published=plan.fields, version=event.version)
    if isinstance(event, FieldRetired):
        known = plan.fields.get(event.field)
        retired = {event.field: replace(known, retired=True)} if known else {}
        return replace(plan, fields={**plan.fields, **retired})
    return replace(plan, fields={**plan.fields, event.field: _declaration(event)})


def _declaration(event: FieldDeclared | FieldRevised) -> Declaration:
    said = (event.type, event.purpose, event.retention_days, event.mandatory, event.personal)
    return Declaration(*said, event.vocabulary)


def summary(plan: Plan) -> Mapping[str, Any]:
    """Return the line of a plan."""
    return {"status": plan.status, "published": plan.version, "fields": sorted(plan.live)}


def plan(service: str, standard: Standard | None = None) -> Decider[Plan]:
    """Return the plans of a service, by kind of record; `standard` fields need no declaration."""
    known = standard or {}

    def decide(state: Plan, command: Any) -> list[Any]:
        if isinstance(command, DeclareField):
            return _declare(state, command, known.get(command.plan_id, {}))
        return DECIDE[type(command)](state, command)

    return Decider(
        category=CATEGORY,
        service=service,
        initial=Plan(),
        decide=decide,
        evolve=evolve,
        events=(FieldDeclared, FieldRevised, FieldRetired, PlanPublished),
        commands={
            "declare-field": DeclareField,
            "revise-field": ReviseField,
            "retire-field": RetireField,
            "publish": PublishPlan,
        },
        summary=summary,
        filters=("status",),
    )
