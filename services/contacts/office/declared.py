"""Which fields may be collected of a contact."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.contacts.domain.fields import Rule, admit
from services.contacts.domain.plan import Plan, rule_of
from shared.decide import Streams
from shared.errors import FieldError, Invalid
from shared.vocabulary import CATEGORY, Vocabulary

CONTACT_PLAN = "contact"


class Declared:
    """The collection plan of contacts together with its vocabularies."""

    def __init__(self, streams: Mapping[str, Streams[Any]]) -> None:
        self._plans: Streams[Plan] = streams["plan"]
        self._vocabularies: Streams[Vocabulary] = streams[CATEGORY]

    def plan(self) -> Plan:
        """Return the plan as it stands."""
        return self._plans.load([CONTACT_PLAN], fresh=True)[CONTACT_PLAN].state

    def rules(self, names: Iterable[str]) -> dict[str, Rule | None]:
        """Return what each field takes; None for one that is not declared."""
        plan, wanted = self.plan(), list(names)
        lists = {d.vocabulary for n in wanted if (d := plan.live.get(n)) and d.vocabulary}
        found = self._vocabularies.load(sorted(lists), fresh=True)
        codes = {name: loaded.state.codes or () for name, loaded in found.items()}
        named = {n: d.vocabulary for n, d in plan.live.items() if d.vocabulary}
        return {n: rule_of(plan, n, codes.get(named.get(n, ""))) for n in wanted}

    def check(self, profile: Mapping[str, str]) -> None:
        """Refuse a new contact's profile with undeclared, wrong or missing fields. Raises Invalid."""
        needed = [n for n, d in self.plan().live.items() if d.mandatory]
        missing = [n for n in needed if not profile.get(n)]
        if missing:
            raise Invalid(*(FieldError(f"/profile/{n}", "is mandatory") for n in missing))
        for name, rule in self.rules(profile).items():
            admit(rule, profile[name], f"/profile/{name}")
