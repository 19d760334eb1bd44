"""How good the data about customers is: complete, accepted, without doubles."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, total
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, Fact, day_of
from services.analytics.views.facts_contacts import CONTACT, IMPORT
from shared.errors import FieldError, Invalid

FIELDS = "name,country"
REGISTERED, STARTED, APPLIED = "ContactRegistered", "ImportStarted", "ImportApplied"
MERGES = ("ContactAbsorbed", "ContactRestored")
LEARNED = ("ProfileAttributeChanged", "ProfileAttributeExpired")
ENDS = ("ContactArchived", "ContactUnarchived", "ContactErased")
TAKEN = ("created", "changed", "unchanged")
Rows = Sequence[Row]


def profiles(contact: Entity, question: Question) -> Iterator[Row]:
    """Yield a live contact as it was at the end, with the attributes that had a value."""
    now = Entity(contact.stream, tuple(f for f in contact.facts if f.at < question.end))
    if first := _live(now):
        filled = {f.data["field"]: int(f.data["filled"]) for f in now.facts if f.type in LEARNED}
        yield Row(day_of(first.at), {"source": first.data["source"]}, filled, first.customer)


def _live(contact: Entity) -> Fact | None:
    """Return the registration of a known contact that is neither erased nor put away."""
    first, end = contact.first(REGISTERED), contact.last(*ENDS)
    if first is None or contact.first("ContactErased") or (end and end.type == "ContactArchived"):
        return None
    return first if first.data["kind"] == "known" or contact.first("ContactIdentified") else None


def completeness(rows: Rows, question: Question) -> Figure:
    """Attributes filled / attributes wanted of all; each attribute's share as detail."""
    wanted = wanted_of(question.parameters.get("fields", FIELDS))
    filled: dict[str | None, set[str]] = defaultdict(set)
    for row in rows:
        filled[row.customer] |= {name for name in wanted if row.values.get(name)}
    counts = {name: sum(name in known for known in filled.values()) for name in wanted}
    found = ratio(sum(counts.values()), len(filled) * len(wanted), "there was no live contact", len(filled))
    shares = {name: Fraction(count, len(filled)) for name, count in counts.items()} if filled else {}
    return replace(found, detail=shares)


def wanted_of(text: str) -> list[str]:
    """Return the attributes of `name,country`. Raises Invalid when there is none."""
    names = sorted({name.strip() for name in text.split(",")} - {""})
    if not names:
        raise Invalid(FieldError("?fields", "is a list of attributes such as name,country"))
    return names


def registrations(contact: Entity, question: Question) -> Iterator[Row]:
    """Yield a contact registered in the window, and whether it is part of another by now."""
    first, merge = contact.first(REGISTERED), contact.last(*MERGES)
    if first and question.window.since <= first.at < question.window.to:
        absorbed = int(merge is not None and merge.type == "ContactAbsorbed")
        values = {"contacts": 1, "absorbed": absorbed}
        yield Row(day_of(first.at), {"source": first.data["source"]}, values, first.customer)


def duplicates(rows: Rows, _: Question) -> Figure:
    """Absorbed by now / registered."""
    return ratio(total(rows, "absorbed"), total(rows, "contacts"), "no contact was registered in the window")


def batches(batch: Entity, question: Question) -> Iterator[Row]:
    """Yield the rows of an import applied in the window."""
    started, applied = batch.first(STARTED), batch.first(APPLIED)
    if started and applied and question.window.since <= applied.at < question.window.to:
        taken = sum(applied.data[name] for name in TAKEN)
        values = {"rejected": applied.data["rejected"], "rows": taken + applied.data["rejected"]}
        yield Row(day_of(applied.at), {"mapping": started.data["mapping"]}, values, applied.customer)


def refused(rows: Rows, _: Question) -> Figure:
    """Rows refused / rows."""
    return ratio(total(rows, "rejected"), total(rows, "rows"), "no import was applied in the window")


# A profile may have been filled at any time before, so every contact is read.
PROFILES = Entities(CONTACT, ("contact",), profiles, ("source",), periods=False, ever=True, people=True)
define = partial(Metric, owner="operations", group="information")

QUALITY_METRICS: tuple[Metric, ...] = (
    define(
        "profile_completeness", 1, "Completeness of profiles",
        "wanted attributes that have a value / (wanted attributes x live contacts), at the end of the window;"
        " live is who is known and neither archived nor erased, merged ones are one; fields are those wanted",
        "share", (REGISTERED, "ContactIdentified", *LEARNED, *ENDS), PROFILES, completeness,
        parameters={"fields": FIELDS},
    ),
    define(
        "duplicate_share", 1, "Duplicate share",
        "contacts absorbed by others by now / contacts registered in the window",
        "share", (REGISTERED, *MERGES), Entities(CONTACT, (REGISTERED,), registrations, ("source",)),
        duplicates,
    ),
    define(
        "refused_rows", 1, "Refused rows",
        "rows refused / rows of the imports applied in the window",
        "share", (STARTED, APPLIED), Entities(IMPORT, (APPLIED,), batches, ("mapping",)), refused,
    ),
)  # fmt: skip
