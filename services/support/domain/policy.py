"""SlaPolicy: what customers are promised, in published versions; retired at the end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.support.domain.terms import Codes, Terms
from shared.decide.decider import Decider
from shared.errors import Conflict, Invalid, NotFound
from shared.hours import Hours
from shared.values import Id, Positive


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which tickets a policy is for; what is not named may be anything."""

    tiers: Codes = ()
    categories: Codes = ()
    channels: Codes = ()

    def met(self, tier: str | None, category: str | None, channel: str | None) -> bool:
        """Whether a ticket of this kind falls under the policy."""
        pairs = ((self.tiers, tier), (self.categories, category), (self.channels, channel))
        return all(not wanted or value in wanted for wanted, value in pairs)

    @property
    def specific(self) -> int:
        """How many conditions there are."""
        return sum(map(bool, (self.tiers, self.categories, self.channels)))


@dataclass(frozen=True, slots=True)
class Policy:
    """One published version of a policy."""

    policy_id: Id
    version: Positive
    calendar_id: Id
    terms: Terms
    conditions: Conditions = Conditions()


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy with the hours of its calendar: all that a ticket has to know of what was promised."""

    policy_id: Id
    version: Positive
    terms: Terms
    hours: Hours


def in_force(
    policies: Iterable[Policy],
    calendars: Iterable[Hours],
    tier: str | None,
    category: str | None,
    channel: str | None,
) -> PolicyInForce | None:
    """Return the most specific policy that fits and has a calendar; the first by id among equals."""
    known = {hours.calendar_id: hours for hours in calendars}
    fit = [p for p in policies if p.calendar_id in known and p.conditions.met(tier, category, channel)]
    if not fit:
        return None
    best = min(fit, key=lambda p: (-p.conditions.specific, p.policy_id))
    return PolicyInForce(best.policy_id, best.version, best.terms, known[best.calendar_id])


@dataclass(frozen=True, slots=True)
class PublishPolicy:
    """Publish what is promised; it replaces the version before for tickets opened from now on."""

    policy_id: Id
    calendar_id: Id
    terms: Terms
    conditions: Conditions = Conditions()


@dataclass(frozen=True, slots=True)
class RetirePolicy:
    """Promise this no more."""

    policy_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class SlaPolicyPublished:
    """The promises of one version."""

    policy_id: Id
    policy: Policy


@dataclass(frozen=True, slots=True)
class SlaPolicyRetired:
    """It is promised no more; tickets that have it keep it."""

    policy_id: Id
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """The version in force."""

    policy: Policy | None = None
    retired: bool = False


def decide(state: SlaPolicy, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, PublishPolicy):
        return _publish(state, command)
    if state.policy is None:
        raise NotFound(f"policy {command.policy_id} is not known")
    return [] if state.retired else [SlaPolicyRetired(command.policy_id, command.at)]


def _publish(state: SlaPolicy, command: PublishPolicy) -> list[Any]:
    if state.retired:
        raise Conflict(f"policy {command.policy_id} is retired")
    if errors := list(command.terms.wrong()):
        raise Invalid(*errors)
    version = state.policy.version if state.policy else 0
    policy = Policy(command.policy_id, version + 1, command.calendar_id, command.terms, command.conditions)
    if state.policy == replace(policy, version=version):
        return []
    return [SlaPolicyPublished(command.policy_id, policy)]


def evolve(state: SlaPolicy, event: Any) -> SlaPolicy:
    """Return the policy after the event."""
    if isinstance(event, SlaPolicyPublished):
        return SlaPolicy(event.policy)
    return replace(state, retired=True)


def summary(state: SlaPolicy) -> dict[str, Any]:
    """Return the line in lists: the whole version in force."""
    return {"status": "retired" if state.retired else "published", "policy": state.policy}


SLA_POLICY = Decider(
    category="sla_policy",
    service="support",
    initial=SlaPolicy(),
    decide=decide,
    evolve=evolve,
    events=(SlaPolicyPublished, SlaPolicyRetired),
    commands={"publish": PublishPolicy, "retire": RetirePolicy},
    opens=(PublishPolicy,),
    summary=summary,
    filters=("status",),
)
