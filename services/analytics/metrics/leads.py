"""Leads: how many become deals, and how soon somebody turns to them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial

from services.analytics.metrics.customers import spread
from services.analytics.metrics.durations import hours
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, summing, total
from services.analytics.metrics.question import Question
from services.analytics.metrics.working import WORKING, working
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_sales import LEAD
from shared.hours import Hours, business_seconds

CAPTURED, ASSIGNED, TRIED = "LeadCaptured", "LeadAssigned", "LeadContactAttempted"
OUTCOMES = ("LeadQualified", "LeadDisqualified", "LeadConverted")
DIMS = ("source", "channel", "campaign", "owner")
Rows = Sequence[Row]
NONE = "no lead was captured in the window"


def dims_of(lead: Entity) -> dict[str, str]:
    """Return the dimensions of a lead."""
    captured, assigned = lead.first(CAPTURED), lead.last(ASSIGNED)
    said = captured.data if captured else {}
    owner = assigned.data["owner"] if assigned else ""
    return {
        "source": said.get("source", ""), "channel": said.get("channel", ""),
        "campaign": said.get("campaign_id", ""), "owner": owner,
    }  # fmt: skip


def cohort(lead: Entity, question: Question) -> Iterator[Row]:
    """Yield a lead that was captured in the window, and what became of it; a duplicate does not count."""
    captured = lead.first(CAPTURED)
    inside = captured and question.window.since <= captured.at < question.window.to
    if captured and inside and not lead.first("LeadMarkedDuplicate"):
        became = {name: int(lead.first(name) is not None) for name in OUTCOMES}
        yield Row(day_of(captured.at), dims_of(lead), {"captured": 1, **became}, lead.customer)


def responses(lead: Entity, question: Question) -> Iterator[Row]:
    """Yield a lead that was handed over in the window, with the time until the first attempt.

    Minutes and seconds are those of the clock on the wall, beside the seconds of working time.
    """
    assigned = lead.first(ASSIGNED)
    if not assigned or not question.window.since <= assigned.at < question.window.to:
        return
    begin = datetime.fromisoformat(str(assigned.data["handed_over_at"]))
    tried = next((f.at for f in lead.facts if f.type == TRIED and f.at >= begin), None)
    values = _took(begin, tried, working(question)) if tried else {"waiting": 1}
    yield Row(day_of(assigned.at), dims_of(lead), values, lead.customer)


def _took(begin: datetime, tried: datetime, open_: Hours) -> dict[str, int]:
    wall = tried - begin
    return {
        "minutes": wall // timedelta(minutes=1), "wall_s": wall // timedelta(seconds=1),
        "business_s": business_seconds(open_, begin, tried),
    }  # fmt: skip


def conversion(rows: Rows, _: Question) -> Figure:
    """Converted / captured."""
    return ratio(total(rows, "LeadConverted"), total(rows, "captured"), NONE)


def qualification(rows: Rows, _: Question) -> Figure:
    """Qualified / captured."""
    return ratio(total(rows, "LeadQualified"), total(rows, "captured"), NONE)


def response_time(rows: Rows, _: Question) -> Figure:
    """Median hours from hand-over to the first attempt."""
    minutes = [row.values["minutes"] for row in rows if "minutes" in row.values]
    found = spread(minutes, "nobody tried to reach a lead of the window")
    known = {name: Fraction(value) / 60 for name, value in found.detail.items()}
    value = None if found.value is None else Fraction(found.value) / 60
    return Figure(value, found.n, reason=found.reason, detail={**known, "waiting": total(rows, "waiting")})


def worked_response(rows: Rows, _: Question) -> Figure:
    """Median business hours from hand-over to the first attempt; wall time and who still waits as detail."""
    found = hours(rows, ("business_s", "wall_s"), "nobody tried to reach a lead of the window")
    tried = [row for row in rows if "wall_s" in row.values]
    return replace(found, n=len(tried), detail={**found.detail, "waiting": total(rows, "waiting")})


COHORT = Entities(LEAD, (CAPTURED,), cohort, DIMS)
HANDED = Entities(LEAD, (ASSIGNED,), responses, DIMS)
define = partial(Metric, owner="sales", group="value to the company")

LEAD_METRICS: tuple[Metric, ...] = (
    define("leads", 1, "Leads", "leads captured in the window, without duplicates",
           "count", (CAPTURED, "LeadMarkedDuplicate"), COHORT, summing("captured")),
    define("lead_conversion", 1, "Lead conversion", "converted by now / captured in the window", "share",
           (CAPTURED, *OUTCOMES), COHORT, conversion),
    define("lead_qualification", 1, "Lead qualification", "qualified by now / captured in the window",
           "share", (CAPTURED, *OUTCOMES), COHORT, qualification),
    define("lead_response_time", 1, "Lead response time",
           "median hours from the hand-over to the first attempt to reach the person, by the clock on the "
           "wall, of leads handed over in the window", "hours", (ASSIGNED, TRIED), HANDED, response_time),
    define("lead_response_time", 2, "Lead response time",
           "median business hours from the hand-over to the first attempt to reach the person, of leads "
           "handed over in the window; hours and zone say when we work; wall time is in the detail",
           "hours", (ASSIGNED, TRIED), HANDED, worked_response, parameters=WORKING),
)  # fmt: skip
