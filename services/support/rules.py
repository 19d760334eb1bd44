"""The rules in force, and what they make of an event."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from services.support.domain.rule import CUSTOMER, RULE, SHIPPED, Rule, value_at
from services.support.domain.watch import WATCH, ClearEvidence, NoteEvidence, watch_of
from services.support.published import published
from shared.decide import Context, Streams
from shared.events import Event, Meta
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.react import React
from shared.receive import Instruct

KNOWN_FOR = timedelta(seconds=1)
# (ref) -> the contact it leads to
Root = Callable[[str], str]


class Rules:
    """The published rules, read again at most once a second."""

    def __init__(self, database: Database[dict[str, Any]], root: Root, clock: Clock) -> None:
        self._database, self._root, self._clock = database, root, clock
        self._read_at: datetime | None = None
        self._by_type: dict[str, list[Rule]] = {}

    def of(self, type_: str) -> Sequence[Rule]:
        """Return the rules that look for or count anew at events of a type. Raises Unavailable."""
        moment = self._clock()
        if self._read_at is None or moment - self._read_at >= KNOWN_FOR:
            self._by_type, self._read_at = _by_type(published(self._database, RULE, "rule", Rule)), moment
        return self._by_type.get(type_, ())

    def instructions(self, event: Event) -> list[Instruct]:
        """Return what the rules make of an event."""
        return [i for rule in self.of(event.full_type) for i in seen(rule, event, self._root)]


def _by_type(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda r: r.rule_id):
        patterns = (rule.trigger.when, rule.trigger.unless)
        for type_ in {pattern.event for pattern in patterns if pattern}:
            found.setdefault(type_, []).append(rule)
    return found


def seen(rule: Rule, event: Event, root: Root) -> Iterator[Instruct]:
    """Yield what a rule makes of an event: evidence, or a reason to count anew, for its subject's watch."""
    trigger, subject = rule.trigger, subject_of(rule.trigger.per, event, root)
    if subject is None:
        return
    key = watch_of(rule.rule_id, subject)
    if trigger.unless and trigger.unless.fits(event.full_type, event.data):
        yield Instruct(WATCH.category, key, ClearEvidence(key, rule, event.occurred_at))
    elif trigger.when.fits(event.full_type, event.data):
        named = [value_at(event.data, field) for field in trigger.evidence_fields]
        evidence = (event.id, *(str(one) for one in named if one))
        order = event.data.get("order_id")
        yield Instruct(WATCH.category, key, NoteEvidence(key, rule, evidence, event.occurred_at, order))


def subject_of(per: str, event: Event, root: Root) -> str | None:
    """Return whom or what an event is about, or None when it does not say."""
    if per == CUSTOMER:
        ref = event.data.get(CUSTOMER) or event.data.get("contact_id") or event.meta.customer
        return root(str(ref)) if ref else None
    found = value_at(event.data, per)
    return None if found is None else str(found)


class Heard(Mapping[str, React]):
    """The table of reactions, which also has every type of event that a rule in force names."""

    def __init__(self, table: Mapping[str, React], rules: Rules) -> None:
        self._table, self._rules = table, rules

    def __contains__(self, type_: object) -> bool:
        return type_ in self._table or bool(self._rules.of(str(type_)))

    def __getitem__(self, type_: str) -> React:
        table, rules = self._table.get(type_), self._rules

        def react(event: Event) -> list[Instruct]:
            return [*(table(event) if table else ()), *rules.instructions(event)]

        return react

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def ship(rules: Streams[Any], clock: Clock) -> None:
    """Publish the rules that are shipped, where nobody has published or retired one of that name."""
    known = rules.load([command.rule_id for command in SHIPPED], fresh=True)
    for command in SHIPPED:
        if not known[command.rule_id].version:
            name = derived("shipped rule", command.rule_id)
            meta = Meta(name, derived("correlation", name), actor="system:support")
            rules.handle(command.rule_id, command, Context(clock(), meta))
