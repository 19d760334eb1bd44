"""What a report template remembers in order to decide."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from services.analytics.domain.report.events import (
    ReportDue,
    ReportFailed,
    ReportRendered,
    ReportSent,
    ReportTemplateRetired,
    ReportTemplateSaved,
    Schedule,
)

DUE = "due"
STEPS = {"day": timedelta(days=1), "week": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Template:
    """A template, its version in force, when it is due next, and the due moment that waits to be sent.

    After a time of standstill only the latest moment waits: nobody wants a pile of old reports.
    `failed` is the latest failure, until the report is sent again or another version is saved.
    """

    status: Literal["unknown", "active", "retired"] = "unknown"
    current: ReportTemplateSaved | None = None
    next_due: datetime | None = None
    waiting: datetime | None = None
    last: ReportRendered | None = None
    failed: ReportFailed | None = None


def evolve(template: Template, event: Any) -> Template:
    """Return the template after the event."""
    match event:
        case ReportTemplateSaved():
            return _saved(template, event)
        case ReportTemplateRetired():
            return replace(template, status="retired", next_due=None, waiting=None)
        case ReportDue():
            return replace(template, next_due=_after(template, event.due_at), waiting=event.due_at)
        case ReportSent():
            return replace(template, waiting=None, failed=None)
        case ReportFailed():
            return replace(template, waiting=None, failed=event)
    return replace(template, last=event)


def _saved(template: Template, event: ReportTemplateSaved) -> Template:
    before = template.current.schedule if template.current else None
    kept = event.schedule == before and template.next_due is not None
    due = template.next_due if kept else (event.schedule.first_at if event.schedule else None)
    return replace(template, status="active", current=event, next_due=due, failed=None)


def _after(template: Template, due: datetime) -> datetime | None:
    schedule = template.current.schedule if template.current else None
    return following(schedule, due) if schedule else None


def following(schedule: Schedule, due: datetime) -> datetime:
    """Return the next moment; monthly on the day of the first one, or the month's last."""
    if schedule.every in STEPS:
        return due + STEPS[schedule.every]
    year, month = (due.year + 1, 1) if due.month == 12 else (due.year, due.month + 1)
    day = min(schedule.first_at.day, monthrange(year, month)[1])
    return due.replace(year=year, month=month, day=day)


def timers(template: Template) -> Mapping[str, datetime]:
    """Return when the report is due."""
    return {DUE: template.next_due} if template.next_due else {}


def summary(template: Template) -> Mapping[str, Any] | None:
    """Return the line of the template in lists."""
    if template.current is None:
        return None
    return {
        "title": template.current.title,
        "status": template.status,
        "template_version": template.current.version,
        "next_due": template.next_due,
        "waiting": "yes" if template.waiting else "no",
        "rendered_at": template.last.as_of if template.last else None,
        "failed_at": template.failed.due_at if template.failed else None,
        "failure": template.failed.reason if template.failed else None,
    }
