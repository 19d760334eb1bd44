"""The forms a report is given in; what draws works in a process of its own."""

import pickle
from dataclasses import dataclass
from hashlib import sha256

from services.analytics.aside import aside
from services.analytics.reports import csv
from services.analytics.reports.page import Answer, Page


@dataclass(frozen=True, slots=True)
class Form:
    """A media type, and whether pictures are drawn for it."""

    media: str
    draws: bool = True


FORMS = {
    "html": Form("text/html; charset=utf-8"),
    "pdf": Form("application/pdf"),
    "csv": Form("text/csv; charset=utf-8", draws=False),
}


def render(form: str, page: Page) -> bytes:
    """Return the page as a file. Raises Failed."""
    if not FORMS[form].draws:
        return csv.render(page)
    return aside("services.analytics.reports", pickle.dumps((form, page)))


def picture(form: str, answer: Answer) -> bytes:
    """Return a chart of an answer as `png` or `svg`. Raises Failed."""
    return aside("services.analytics.reports", pickle.dumps((form, answer)))


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a rendered report."""
    return sha256(content).hexdigest()
