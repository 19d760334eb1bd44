"""What a lead decides."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.sales.domain.lead.commands import (
    AssignLead,
    CaptureLead,
    ConvertLead,
    DisqualifyLead,
    MarkDuplicate,
    QualifyLead,
    RecordAttempt,
    RecycleLead,
    ScoreLead,
)
from services.sales.domain.lead.events import (
    LeadAssigned,
    LeadCaptured,
    LeadContactAttempted,
    LeadConverted,
    LeadDisqualified,
    LeadMarkedDuplicate,
    LeadQualified,
    LeadRecycled,
    LeadScored,
)
from services.sales.domain.lead.state import Lead
from shared.days import ahead
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.plan import keeping
from shared.vocabulary import admitted

LIVE = ("new", "working", "qualified", "recycled")
Events = list[Any]


def capture(lead: Lead, command: CaptureLead) -> Events:
    """Capture it once; the interest is sealed and can not be compared."""
    told = (command.source, command.channel, command.interest, command.customer, command.campaign_id)
    captured = LeadCaptured(command.lead_id, *told)
    if lead.captured and replace(lead.captured, interest=None) != replace(captured, interest=None):
        raise Conflict(f"lead {command.lead_id} was captured before with other content")
    return [] if lead.captured else [captured]


def assign(lead: Lead, command: AssignLead) -> Events:
    """Whoever has it already is not given it anew: the response time keeps its beginning."""
    _in(lead, command.lead_id, *LIVE)
    if lead.owner == command.owner:
        return []
    if errors := ahead("/handed_over_at", command.handed_over_at, command.at):
        raise Invalid(*errors)
    return [LeadAssigned(command.lead_id, command.owner, command.handed_over_at or command.at)]


def attempt(lead: Lead, command: RecordAttempt) -> Events:
    """Every attempt is a fact; the first makes a new lead one that is worked on."""
    _in(lead, command.lead_id, *LIVE)
    return [LeadContactAttempted(command.lead_id, command.outcome)]


def score(lead: Lead, command: ScoreLead) -> Events:
    """The score in force is no news."""
    _in(lead, command.lead_id, *LIVE)
    scored = LeadScored(command.lead_id, command.score, command.model_version, command.reasons)
    return [] if lead.scored == scored else [scored]


def qualify(lead: Lead, command: QualifyLead) -> Events:
    """Qualified by what; by the same again is no news."""
    _in(lead, command.lead_id, *LIVE)
    if lead.status == "qualified" and lead.criteria == command.criteria:
        return []
    return [LeadQualified(command.lead_id, command.criteria)]


def disqualify(lead: Lead, command: DisqualifyLead) -> Events:
    """Given up for a reason of the vocabulary, if there is one."""
    if lead.status == "disqualified" and lead.reason_code == command.reason_code:
        return []
    _in(lead, command.lead_id, *LIVE)
    admitted(command.codes, command.reason_code, "/reason_code")
    return [LeadDisqualified(command.lead_id, command.reason_code)]


def recycle(lead: Lead, command: RecycleLead) -> Events:
    """Also a lead that was given up may be nurtured."""
    _in(lead, command.lead_id, *LIVE, "disqualified")
    recycled = LeadRecycled(command.lead_id, command.until)
    return [] if lead.status == "recycled" and lead.recycled == recycled else [recycled]


def convert(lead: Lead, command: ConvertLead) -> Events:
    """A qualified lead becomes one opportunity and never another (S-1)."""
    if lead.opportunity_id == command.opportunity_id:
        return []
    _in(lead, command.lead_id, "qualified")
    told = (command.opportunity_id, command.contact_id, command.organization_id)
    return [LeadConverted(command.lead_id, *told)]


def mark_duplicate(lead: Lead, command: MarkDuplicate) -> Events:
    """Of another lead that is known and no duplicate itself."""
    if lead.duplicate_of == command.duplicate_of:
        return []
    _in(lead, command.lead_id, *LIVE, "disqualified")
    if command.duplicate_of == command.lead_id or command.other_status in ("unknown", "duplicate"):
        raise Invalid(FieldError("/duplicate_of", "needs to be another lead that is no duplicate itself"))
    return [LeadMarkedDuplicate(command.lead_id, command.duplicate_of)]


def _in(lead: Lead, lead_id: str, *statuses: str) -> None:
    if lead.status == "unknown":
        raise NotFound(f"lead {lead_id} is not known")
    if lead.status not in statuses:
        raise Conflict(f"lead {lead_id} is {lead.status}")


DECIDE: dict[type, Callable[[Lead, Any], Events]] = {
    CaptureLead: capture,
    AssignLead: assign,
    RecordAttempt: attempt,
    ScoreLead: score,
    QualifyLead: qualify,
    DisqualifyLead: disqualify,
    RecycleLead: recycle,
    ConvertLead: convert,
    MarkDuplicate: mark_duplicate,
    **keeping("lead", lambda lead: lead.captured and lead.captured.lead_id),
}


def decide(lead: Lead, command: Any) -> Events:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](lead, command)
