"""Which fields may be kept of a kind of record, by its published plan and the vocabularies that it names."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.decide import Streams
from shared.errors import FieldError, Invalid
from shared.plan.fields import Rule, admit
from shared.plan.plan import CATEGORY as PLAN
from shared.plan.plan import Plan, rule_of
from shared.vocabulary import CATEGORY, Vocabulary


class Declared:
    """The collection plan of one kind of record together with its vocabularies."""

    def __init__(
        self, streams: Mapping[str, Streams[Any]], entity: str, standard: Mapping[str, Rule] | None = None
    ) -> None:
        self.entity, self.standard = entity, standard or {}
        self._plans: Streams[Plan] = streams[PLAN]
        self._vocabularies: Streams[Vocabulary] = streams[CATEGORY]

    def plan(self) -> Plan:
        """Return the plan as it stands; only what is new of it is read."""
        return self._plans.refresh([self.entity])[self.entity].state

    def rules(self, names: Iterable[str]) -> dict[str, Rule | None]:
        """Return what each field takes; None for one that is not declared."""
        plan, wanted = self.plan(), list(names)
        lists = {d.vocabulary for n in wanted if (d := plan.live.get(n)) and d.vocabulary}
        found = self._vocabularies.refresh(sorted(lists))
        codes = {name: loaded.state.codes or () for name, loaded in found.items()}
        named = {n: d.vocabulary for n, d in plan.live.items() if d.vocabulary}
        return {n: rule_of(plan, n, codes.get(named.get(n, "")), self.standard) for n in wanted}

    def check(self, profile: Mapping[str, str]) -> None:
        """Refuse a new record's fields when some are undeclared, wrong or missing. Raises Invalid."""
        needed = [n for n, d in self.plan().live.items() if d.mandatory]
        missing = [n for n in needed if not profile.get(n)]
        if missing:
            raise Invalid(*(FieldError(f"/profile/{n}", "is mandatory") for n in missing))
        for name, rule in self.rules(profile).items():
            admit(rule, profile[name], f"/profile/{name}")

    def retention(self) -> dict[str, int]:
        """Return for how many days each declared field is kept."""
        return {name: d.retention_days for name, d in self.plan().live.items()}
