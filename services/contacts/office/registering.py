"""Register a person by hand, from a form or from a file, with the same identity as from any channel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.contacts.identity.index import Index
from services.contacts.identity.who import Found, Named, Who, touched
from shared.decide import Context, Streams
from shared.errors import FieldError, Invalid, Unavailable, WrongExpectedVersion
from shared.events.ids import derived
from shared.identity import identifiers_of
from shared.plan import Declared
from shared.privacy import Erased, Vault
from shared.receive import Instruct
from shared.receive.plan import Plan, Working
from shared.store.port import Done, Exists, Store, append

ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """What is said of somebody: identifiers by kind, and profile fields."""

    identifiers: Mapping[str, str]
    profile: Mapping[str, str]
    source: str = "staff"


@dataclass(frozen=True, slots=True)
class Registered:
    """The contact, the versions its stream went from and to, and the events."""

    contact_id: str
    from_version: int
    to_version: int
    done: Done

    @property
    def action(self) -> str:
        """What became of the contact: created, changed or unchanged."""
        if not self.from_version:
            return "created"
        return "changed" if self.to_version > self.from_version else "unchanged"


Along = Callable[[Registered], Sequence[Instruct]]  # commands that commit together with the registration


class Registering:
    """Finds or makes the contact of a person.

    Raises Invalid for wrong identifiers and undeclared fields, Erased for somebody who was erased.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        streams: Mapping[str, Streams[Any]],
        index: Index,
        who: Who,
        declared: Declared,
    ) -> None:
        self._store, self._vault, self._streams, self._index = store, vault, streams, index
        self._who, self._declared = who, declared

    def register(self, person: Person, context: Context, along: Along | None = None) -> Registered:
        """Register, link and learn what is new, and do what goes along, all at once or not at all."""
        named = self._named(person, context)
        for _ in range(ROUNDS):
            working, owners = Working("contacts", self._streams, fresh=True), self._owners(named)
            working.read(touched([named], owners))
            found = self._who.find(named, owners, working)
            told, plan = self._planned(found, context, working, along)
            try:
                done = append(self._store, *plan.appends, writes=plan.writes) if plan.appends else Done()
            except (WrongExpectedVersion, Exists):
                continue
            finally:
                _drop(plan)
            return replace(told, done=done)
        raise Unavailable("the contact is changing too fast")

    def would(self, person: Person, context: Context) -> Registered:
        """Return what registering would do, as things are now."""
        named = self._named(person, context)
        working, owners = Working("contacts", self._streams, fresh=True), self._owners(named)
        working.read(touched([named], owners))
        told, plan = self._planned(self._who.find(named, owners, working), context, working, None)
        _drop(plan)
        return told

    def _named(self, person: Person, context: Context) -> Named:
        self._declared.check(person.profile)
        rules = self._declared.rules(person.profile)
        keep = {name: rule.keep_until(context.occurred_at) for name, rule in rules.items() if rule}
        said = (identifiers_of(person.identifiers, "/identifiers"), person.profile, keep)
        named = self._who.named(person.source, context.meta.command_id, *said)
        if not named.links and not named.learned:
            raise Invalid(FieldError("", "says nothing about the person"))
        if dark := self._vault.prepare(link.ref for link in named.links):
            raise Erased(min(dark))
        return replace(named, fallback="c-" + derived("contact", context.meta.command_id))

    def _owners(self, named: Named) -> dict[str, str]:
        return self._index.owners([link.ref for link in named.links], fresh=True)

    def _planned(
        self, found: Found, context: Context, working: Working, along: Along | None
    ) -> tuple[Registered, Plan]:
        contact = str(found.contact)
        about = replace(context, meta=replace(context.meta, customer=contact))
        before = self._streams["contact"].load([contact], fresh=True)[contact].version
        plan = working.decide_in(about, found.instructions)
        added = sum(len(a.events) for a in plan.appends if a.stream == f"contact-{contact}")
        told = Registered(contact, before, before + added, Done())
        if along is not None:
            more = list(along(told))
            working.read(more)
            rest = working.decide_in(about, more)
            plan = Plan(plan.appends + rest.appends, plan.writes + rest.writes, plan.states + rest.states)
        plan.writes += found.writes
        return told, plan


def _drop(plan: Plan) -> None:
    for streams, key, _ in plan.states:
        streams.drop([key])
