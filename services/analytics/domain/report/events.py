"""What happens to a report template."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from services.analytics.domain.figure import COMPANY, Scope
from shared.values import Between, Code, Currency, Id, Length, Matching, Positive, Text

Title = Annotated[str, Length(1, 200)]
Period = Literal["day", "week", "month", "quarter", "year", "all"]
BlockKind = Literal["heading", "text", "value", "table", "chart"]
Format = Literal["html", "pdf", "csv"]
Address = Annotated[str, Length(3, 254), Matching(r"^[^@\s<>]+@[^@\s<>]+$", "needs to be an e-mail address")]
Addresses = Annotated[tuple[Address, ...], Length(0, 50)]
Few = Annotated[int, Between(1, 1_000)]


@dataclass(frozen=True, slots=True)
class Query:
    """A metric over the calendar periods (UTC) up to the report's moment, the one it falls in included.

    `by` splits it by time (`day`, `week`, `month`, `quarter`, `year`) or by a dimension, whose values are
    shown the largest first (`sort` is `-value`), up to `limit`. `parameters` are the metric's own.
    """

    name: Code
    metric: Code
    title: Title | None = None
    metric_version: Positive | None = None
    scope: Scope = COMPANY
    period: Period = "month"
    periods: Few = 1
    by: Code | None = None
    sort: Literal["-value", "value", "label"] = "-value"
    limit: Few = 20
    currency: Currency | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the page: words, or the answer to a query as one value, a table or a chart."""

    kind: BlockKind
    text: Text | None = None
    query: Code | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the report is mailed: first at a moment, then every day, week or month; to whom, as what."""

    first_at: datetime
    every: Literal["day", "week", "month"]
    sender: Address
    recipients: Annotated[tuple[Address, ...], Length(1, 50)]
    formats: Annotated[tuple[Format, ...], Length(1, 3)] = ("html",)


Queries = Annotated[tuple[Query, ...], Length(0, 50)]
Layout = Annotated[tuple[Block, ...], Length(1, 100)]


@dataclass(frozen=True, slots=True)
class ReportTemplateSaved:
    """A version of the template."""

    template_id: Id
    version: Positive
    title: Title
    layout: Layout
    queries: Queries = ()
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class ReportTemplateRetired:
    """The template is out of use; what was rendered with it can be rendered again."""

    template_id: Id


@dataclass(frozen=True, slots=True)
class ReportDue:
    """The report is to be rendered as of its moment, and sent."""

    template_id: Id
    template_version: Positive
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ReportRendered:
    """What was rendered: the same template, clocks and watermark give the same `content_hash` (SHA-256)."""

    template_id: Id
    template_version: Positive
    format: Format
    as_of: datetime
    known_at: datetime
    watermark: dict[str, Any]
    content_hash: Annotated[str, Length(64, 64)]


@dataclass(frozen=True, slots=True)
class ReportSent:
    """The report of a due moment went out, to each recipient once.

    `refused` are those the mail server did not take, `unknown` those of whom it is not known: nothing is
    sent to them again by itself.
    """

    template_id: Id
    due_at: datetime
    sent_to: Addresses = ()
    refused: Addresses = ()
    unknown: Addresses = ()


@dataclass(frozen=True, slots=True)
class ReportFailed:
    """The report of a due moment could not be rendered, and why; it went to nobody."""

    template_id: Id
    template_version: Positive
    due_at: datetime
    reason: Text


EVENTS: tuple[type, ...] = (
    ReportTemplateSaved,
    ReportTemplateRetired,
    ReportDue,
    ReportRendered,
    ReportSent,
    ReportFailed,
)
