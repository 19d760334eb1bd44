"""Lead: new, working, qualified, converted; disqualified; recycled; duplicate."""

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
from services.sales.domain.lead.decide import decide
from services.sales.domain.lead.events import (
    EVENTS,
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
from services.sales.domain.lead.state import Lead, evolve, summary
from shared.decide import Decider, Facts
from shared.plan import FieldChanged, FieldExpired, SetField

DISQUALIFY_REASONS = "disqualify-reasons"
LEAD = Decider(
    category="lead",
    service="sales",
    initial=Lead(),
    decide=decide,
    evolve=evolve,
    events=(*EVENTS, FieldChanged, FieldExpired),
    timers=lambda lead: lead.custom.timers,
    commands={
        "capture": CaptureLead,
        "assign": AssignLead,
        "record-attempt": RecordAttempt,
        "score": ScoreLead,
        "qualify": QualifyLead,
        "disqualify": DisqualifyLead,
        "recycle": RecycleLead,
        "mark-duplicate": MarkDuplicate,
        "set-field": SetField,
    },
    summary=summary,
    filters=("status", "owner", "source", "customer"),
    facts={
        DisqualifyLead: Facts(
            "codes", lambda *_: [("vocabulary", DISQUALIFY_REASONS)], lambda states: states[0].codes
        ),
        MarkDuplicate: Facts(
            "other_status", lambda _, c: [("lead", c.duplicate_of)], lambda states: states[0].status
        ),
    },
)

__all__ = [
    "DISQUALIFY_REASONS",
    "LEAD",
    "AssignLead",
    "CaptureLead",
    "ConvertLead",
    "DisqualifyLead",
    "Lead",
    "LeadAssigned",
    "LeadCaptured",
    "LeadContactAttempted",
    "LeadConverted",
    "LeadDisqualified",
    "LeadMarkedDuplicate",
    "LeadQualified",
    "LeadRecycled",
    "LeadScored",
    "MarkDuplicate",
    "QualifyLead",
    "RecordAttempt",
    "RecycleLead",
    "ScoreLead",
]
