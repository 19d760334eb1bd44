"""Report template: what a report asks and how its page is laid out, in versions, and when it is sent."""

from services.analytics.domain.report.commands import (
    NoteFailure,
    NoteRendering,
    NoteSending,
    RetireTemplate,
    SaveTemplate,
)
from services.analytics.domain.report.decide import decide
from services.analytics.domain.report.events import (
    EVENTS,
    Block,
    Format,
    Query,
    ReportDue,
    ReportFailed,
    ReportRendered,
    ReportSent,
    ReportTemplateRetired,
    ReportTemplateSaved,
    Schedule,
)
from services.analytics.domain.report.state import Template, evolve, following, summary, timers
from shared.decide.decider import Decider

REPORT = Decider(
    category="report",
    service="analytics",
    initial=Template(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={"save": SaveTemplate, "retire": RetireTemplate},
    opens=(SaveTemplate,),
    timers=timers,
    summary=summary,
    filters=("status", "waiting"),
)

__all__ = [
    "REPORT",
    "Block",
    "Format",
    "NoteFailure",
    "NoteRendering",
    "NoteSending",
    "Query",
    "ReportDue",
    "ReportFailed",
    "ReportRendered",
    "ReportSent",
    "ReportTemplateRetired",
    "ReportTemplateSaved",
    "RetireTemplate",
    "SaveTemplate",
    "Schedule",
    "Template",
    "following",
]
