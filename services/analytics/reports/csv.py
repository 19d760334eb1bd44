"""A report as CSV: every answer with its name above and an empty line below; raw values, not rounded ones."""

import csv
from io import StringIO
from typing import Any

from services.analytics.reports.page import Answer, Page
from shared.exports.files import safe

BOM = "\ufeff"  # spreadsheets take the file for UTF-8


def render(page: Page) -> bytes:
    """Return the answers of the page as CSV in UTF-8."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerows([[safe(page.title)], [page.clocks], [page.origin]])
    for part in page.parts:
        if part.answer is not None:
            _write(writer, part.answer)
    return (BOM + file.getvalue()).encode()


def _write(writer: Any, answer: Answer) -> None:
    writer.writerows([[], [safe(answer.name)], [_titled(c.name, c.unit) for c in answer.columns]])
    writer.writerows([safe(value) for value in row] for row in answer.rows)


def _titled(name: str, unit: str) -> str:
    return name if unit in ("text", "count", "number") else f"{name} ({_minor(unit)})"


def _minor(unit: str) -> str:
    return f"{unit}, minor units" if unit.isupper() else unit
