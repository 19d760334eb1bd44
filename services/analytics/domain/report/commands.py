"""What may be asked of a report template."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.analytics.domain.report.events import Format, Layout, Queries, Schedule, Title
from shared.values import Id, Positive, Text


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """Save a report template, or its next version."""

    template_id: Id
    title: Title
    layout: Layout
    queries: Queries = ()
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class RetireTemplate:
    """Send the report no more, and offer it to nobody."""

    template_id: Id


@dataclass(frozen=True, slots=True)
class NoteRendering:
    """Record what was rendered; comes from the renderer, not from people."""

    template_id: Id
    template_version: Positive
    format: Format
    as_of: datetime
    known_at: datetime
    watermark: dict[str, Any]
    content_hash: str


@dataclass(frozen=True, slots=True)
class NoteFailure:
    """Record why the report of a due moment could not be rendered; comes from the sender, not from people."""

    template_id: Id
    template_version: Positive
    due_at: datetime
    reason: Text


@dataclass(frozen=True, slots=True)
class NoteSending:
    """Record whom the report of a due moment reached; comes from the sender, not from people."""

    template_id: Id
    due_at: datetime
    sent_to: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
