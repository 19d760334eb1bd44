"""Warranty: how long goods are answered for, in published versions; retired at the end."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from services.support.domain.terms import Codes
from shared.decide.decider import Decider
from shared.errors import Conflict, NotFound
from shared.values import Between, Id, Positive

Months = Annotated[int, Between(1, 600)]


@dataclass(frozen=True, slots=True)
class Warranty:
    """One published version: for these goods or categories, or for everything when it names none."""

    warranty_id: Id
    version: Positive
    months: Months
    skus: Codes = ()
    categories: Codes = ()

    def covers(self, sku: str | None, category: str | None) -> bool:
        """Whether goods of this kind are under it."""
        named = sku in self.skus or category in self.categories
        return named or not (self.skus or self.categories)

    def until(self, since: date) -> date:
        """Return the last day, so many months after the first; the last of a shorter month."""
        months = since.year * 12 + since.month - 1 + self.months
        year, month = divmod(months, 12)
        return date(year, month + 1, min(since.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class PublishWarranty:
    """Answer for goods for so many months after they arrived."""

    warranty_id: Id
    months: Months
    skus: Codes = ()
    categories: Codes = ()


@dataclass(frozen=True, slots=True)
class RetireWarranty:
    """Answer for nothing by it any more."""

    warranty_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class WarrantyPublished:
    """The warranty as it is now."""

    warranty_id: Id
    warranty: Warranty


@dataclass(frozen=True, slots=True)
class WarrantyRetired:
    """It covers nothing any more."""

    warranty_id: Id
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """The version in force."""

    warranty: Warranty | None = None
    retired: bool = False


def warranty_of(known: Iterable[Warranty], line: Mapping[str, Any]) -> Warranty | None:
    """Return the warranty of a line of an order: one that names the goods, else their category, else any.

    Of several, the longest.
    """
    sku, category = line.get("sku"), line.get("category")
    fit = [w for w in known if w.covers(sku, category)]
    return max(fit, key=lambda w: (sku in w.skus, category in w.categories, w.months), default=None)


def decide(state: Published, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    key = command.warranty_id
    if isinstance(command, PublishWarranty):
        return _publish(state, command)
    if state.warranty is None:
        raise NotFound(f"warranty {key} is not known")
    return [] if state.retired else [WarrantyRetired(key, command.at)]


def _publish(state: Published, command: PublishWarranty) -> list[Any]:
    if state.retired:
        raise Conflict(f"warranty {command.warranty_id} is retired")
    version = state.warranty.version if state.warranty else 0
    told = (command.months, command.skus, command.categories)
    warranty = Warranty(command.warranty_id, version + 1, *told)
    if state.warranty == replace(warranty, version=version):
        return []
    return [WarrantyPublished(command.warranty_id, warranty)]


def evolve(state: Published, event: Any) -> Published:
    """Return the warranty after the event."""
    return Published(event.warranty) if isinstance(event, WarrantyPublished) else replace(state, retired=True)


def summary(state: Published) -> dict[str, Any]:
    """Return the line in lists: the whole version in force."""
    return {"status": "retired" if state.retired else "published", "warranty": state.warranty}


WARRANTY = Decider(
    category="warranty",
    service="support",
    initial=Published(),
    decide=decide,
    evolve=evolve,
    events=(WarrantyPublished, WarrantyRetired),
    commands={"publish": PublishWarranty, "retire": RetireWarranty},
    opens=(PublishWarranty,),
    summary=summary,
    filters=("status",),
)
