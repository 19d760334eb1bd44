"""Events and commands of collection plans."""

from dataclasses import dataclass

from shared.plan.fields import FieldType
from shared.values import Code, Days, Id, Positive, Text


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
    retention_days: Days
    mandatory: bool = False
    personal: bool = True
    vocabulary: Id | None = None


@dataclass(frozen=True, slots=True)
class ReviseField:
    """Change a declaration; its type stays, because values of it are kept."""

    plan_id: Id
    field: Code
    purpose: Text
    retention_days: Days
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
class PublishPlan:
    """Let the plan count as it stands now: what was declared, revised or retired since was a draft."""

    plan_id: Id


@dataclass(frozen=True, slots=True)
class PlanPublished:
    """From now on the plan counts as it stood at this moment; versions count from 1."""

    plan_id: Id
    version: Positive
