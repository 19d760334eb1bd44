"""What a report template decides."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from services.analytics.domain.report.checking import wrong
from services.analytics.domain.report.commands import (
    NoteFailure,
    NoteRendering,
    NoteSending,
    RetireTemplate,
    SaveTemplate,
)
from services.analytics.domain.report.events import (
    ReportDue,
    ReportFailed,
    ReportRendered,
    ReportSent,
    ReportTemplateRetired,
    ReportTemplateSaved,
)
from services.analytics.domain.report.state import Template
from shared.decide.decider import Elapsed
from shared.errors import Conflict, Invalid, NotFound


def save(template: Template, command: SaveTemplate) -> list[Any]:
    """The same content again is no new version."""
    if errors := list(wrong(command)):
        raise Invalid(*errors[:100])
    number = template.current.version if template.current else 0
    content = (command.title, command.layout, command.queries, command.schedule)
    if template.status == "active" and template.current == ReportTemplateSaved(
        command.template_id, number, *content
    ):
        return []
    return [ReportTemplateSaved(command.template_id, number + 1, *content)]


def retire(template: Template, command: RetireTemplate) -> list[Any]:
    """Retiring twice is retiring once."""
    if template.current is None:
        raise NotFound(f"report {command.template_id} is not known")
    return [ReportTemplateRetired(command.template_id)] if template.status == "active" else []


def note(template: Template, command: NoteRendering) -> list[Any]:
    """A rendering is of a version there is."""
    if template.current is None or command.template_version > template.current.version:
        raise Conflict(f"report {command.template_id} has no version {command.template_version}")
    return [_told(ReportRendered, command)]


def note_sending(template: Template, command: NoteSending) -> list[Any]:
    """A sending is noted once."""
    return [_told(ReportSent, command)] if template.waiting == command.due_at else []


def note_failure(template: Template, command: NoteFailure) -> list[Any]:
    """A failure is noted once, while its moment waits."""
    return [_told(ReportFailed, command)] if template.waiting == command.due_at else []


def _told(kind: type, command: Any) -> Any:
    """Return the event that says what a command of the same fields says."""
    return kind(**{f.name: getattr(command, f.name) for f in fields(kind)})


def elapse(template: Template, elapsed: Elapsed) -> list[Any]:
    """Nothing when the schedule is another one by now."""
    if template.current is None or template.next_due is None or elapsed.at < template.next_due:
        return []
    return [ReportDue(template.current.template_id, template.current.version, template.next_due)]


DECIDE: dict[type, Callable[[Template, Any], list[Any]]] = {
    SaveTemplate: save,
    RetireTemplate: retire,
    NoteRendering: note,
    NoteSending: note_sending,
    NoteFailure: note_failure,
    Elapsed: elapse,
}


def decide(template: Template, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](template, command)
