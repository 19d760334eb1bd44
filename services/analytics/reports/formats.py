"""The forms a report is given in."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from services.analytics.reports import csv, html, pdf
from services.analytics.reports.page import Page


@dataclass(frozen=True, slots=True)
class Form:
    """A media type and how a page becomes a file of it."""

    media: str
    render: Callable[[Page], bytes]


FORMS = {
    "html": Form("text/html; charset=utf-8", html.render),
    "pdf": Form("application/pdf", pdf.render),
    "csv": Form("text/csv; charset=utf-8", csv.render),
}


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a rendered report."""
    return sha256(content).hexdigest()
