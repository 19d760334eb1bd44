"""Rule: which events, how often and with what missing, mean that a customer will need help; in versions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from services.support.domain.terms import LONGEST_S, TOO_LONG
from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Between, Code, Length, Matching, Positive, Text, Whole

FOLLOWED = ("sales", "contacts", "analytics", "support")
EventType = Annotated[
    str,
    Matching(
        rf"^rapport\.({'|'.join(FOLLOWED)})\.[A-Z][A-Za-z]{{1,80}}\.v[1-9][0-9]?$",
        f"needs to be an event type of {', '.join(FOLLOWED)} such as rapport.sales.OrderCancelled.v1",
    ),
]
CUSTOMER = "customer"
NUMBERS = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field of the event's data has to be; `total.amount` is a field inside a field.

    `is` takes one of the values, `is_not` none of them; numbers are compared as numbers, true and false are
    written so. A field that is missing fits `absent` and `is_not` alone.
    """

    field: Code
    op: Literal["is", "is_not", "at_least", "at_most", "present", "absent"]
    values: Annotated[tuple[Text, ...], Length(0, 50)] = ()

    def met(self, data: Mapping[str, Any]) -> bool:
        """Whether the data fit."""
        found = value_at(data, self.field)
        if found is None or self.op in ("present", "absent"):
            return (found is None) == (self.op in ("absent", "is_not"))
        if self.op in NUMBERS:
            return _compared(found, self.op, self.values[0])
        return any(_same(found, value) for value in self.values) == (self.op == "is")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Events of one type whose data fit all conditions."""

    event: EventType
    where: Annotated[tuple[Condition, ...], Length(0, 20)] = ()

    def fits(self, type_: str, data: Mapping[str, Any]) -> bool:
        """Whether an event is one of these."""
        return type_ == self.event and all(condition.met(data) for condition in self.where)


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a rule raises a case.

    It counts the events that fit `when`, for each value of `per` alone: `customer`, or a field of the data.
    An event that fits `unless` makes it count anew. At `times` events, within `within_s` seconds (0: however
    long), it is met; with `wait_s` only that many seconds after the last of them, if nothing fitted `unless`
    by then. `evidence_fields` name fields of the data that hold ids of
    further events.
    """

    when: Pattern
    unless: Pattern | None = None
    times: Annotated[int, Between(1, 20)] = 1
    within_s: Whole = 0
    wait_s: Annotated[int, Between(0, 366 * 86_400)] = 0
    per: Code = CUSTOMER
    evidence_fields: Annotated[tuple[Code, ...], Length(0, 4)] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One published version of a rule."""

    rule_id: Code
    version: Positive
    title: Text
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class PublishRule:
    """Publish the rule, or its next version; what was counted by the one before counts no more."""

    rule_id: Code
    title: Text
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class RetireRule:
    """Raise no more cases by it."""

    rule_id: Code
    at: datetime


@dataclass(frozen=True, slots=True)
class RulePublished:
    """The rule as it is in force now."""

    rule_id: Code
    rule: Rule


@dataclass(frozen=True, slots=True)
class RuleRetired:
    """It raises no more cases; those it raised go on."""

    rule_id: Code
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """The version in force."""

    rule: Rule | None = None
    retired: bool = False


def value_at(data: Mapping[str, Any], path: str) -> Any:
    """Return the value of a field, None when it is missing; dots lead into fields."""
    found: Any = data
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _same(found: Any, value: str) -> bool:
    if isinstance(found, bool):
        return value == ("true" if found else "false")
    if isinstance(found, int | float):
        number = _number(value)
        return number is not None and Decimal(str(found)) == number
    return str(found) == value


def _compared(found: Any, op: str, value: str) -> bool:
    one, other = _number(str(found)), _number(value)
    if one is None or other is None:
        return False
    return one >= other if op == "at_least" else one <= other


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def decide(state: Published, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, PublishRule):
        return _publish(state, command)
    if state.rule is None:
        raise NotFound(f"rule {command.rule_id} is not known")
    return [] if state.retired else [RuleRetired(command.rule_id, command.at)]


def _publish(state: Published, command: PublishRule) -> list[Any]:
    if state.retired:
        raise Conflict(f"rule {command.rule_id} is retired")
    if errors := wrong(command.trigger):
        raise Invalid(*errors)
    version = state.rule.version if state.rule else 0
    rule = Rule(command.rule_id, version + 1, command.title, command.trigger)
    if state.rule == replace(rule, version=version):
        return []
    return [RulePublished(command.rule_id, rule)]


def wrong(trigger: Trigger) -> list[FieldError]:
    """Return what can not be meant in a trigger."""
    endless = [FieldError("/trigger/within_s", TOO_LONG)] if trigger.within_s > LONGEST_S else []
    return [*_unfit("when", trigger.when), *_unfit("unless", trigger.unless), *endless]


def _unfit(name: str, pattern: Pattern | None) -> list[FieldError]:
    """A comparison of numbers needs one number, `is` and `is_not` something to be."""
    unfit = []
    for i, condition in enumerate(pattern.where if pattern else ()):
        at, values = f"/trigger/{name}/where/{i}/values", condition.values
        if condition.op in NUMBERS and (len(values) != 1 or _number(values[0]) is None):
            unfit.append(FieldError(at, "needs to be one number"))
        if condition.op in ("is", "is_not") and not values:
            unfit.append(FieldError(at, "needs a value"))
    return unfit


def evolve(state: Published, event: Any) -> Published:
    """Return the rule after the event."""
    return Published(event.rule) if isinstance(event, RulePublished) else replace(state, retired=True)


def summary(state: Published) -> dict[str, Any]:
    """Return the line in lists: the whole version in force."""
    return {"status": "retired" if state.retired else "published", "rule": state.rule}


RULE = Decider(
    category="rule",
    service="support",
    initial=Published(),
    decide=decide,
    evolve=evolve,
    events=(RulePublished, RuleRetired),
    commands={"publish": PublishRule, "retire": RetireRule},
    opens=(PublishRule,),
    summary=summary,
    filters=("status",),
)
SHIPPED = (
    PublishRule(
        "promise_missed",
        "A promised day of delivery has passed",
        Trigger(Pattern("rapport.support.PromiseMissed.v1"), per="order_id", evidence_fields=("event_id",)),
    ),
    PublishRule(
        "churn_risk",
        "A customer is likely to be lost",
        Trigger(Pattern("rapport.analytics.ChurnRiskRaised.v1")),
    ),
)
