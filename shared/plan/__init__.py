"""Collection plans and custom fields: which fields are kept of a record, the same in every service."""

from shared.plan.custom import NO_FIELDS, Custom, FieldChanged, FieldExpired, SetField, keeping
from shared.plan.declared import Declared
from shared.plan.fields import Rule, admit
from shared.plan.plan import CATEGORY, Plan, plan, rule_of

__all__ = [
    "CATEGORY",
    "NO_FIELDS",
    "Custom",
    "Declared",
    "FieldChanged",
    "FieldExpired",
    "Plan",
    "Rule",
    "SetField",
    "admit",
    "keeping",
    "plan",
    "rule_of",
]
