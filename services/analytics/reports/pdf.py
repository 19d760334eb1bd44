"""A report as PDF, on A4, in a typeface that has more than the Latin letters."""

from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from services.analytics.reports.chart import png, size
from services.analytics.reports.page import Answer, Page, Part, shown

FACE, WIDTH = "DejaVu", 480
WIDE = 8  # columns, beyond which a table is set small


def render(page: Page) -> bytes:
    """Return the page as PDF; it holds no time of making, so that equal pages are equal files."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    file, (title, note, *_) = BytesIO(), _styles()
    document = SimpleDocTemplate(file, pagesize=A4, title=page.title, author="Rapport", invariant=1)
    begin = [_words(page.title, title), _words(page.clocks, note)]
    end = [_words(page.origin, note)]
    parts = [flowable for part in page.parts for flowable in _flowables(part)]
    document.build([*begin, *parts, *end])
    return file.getvalue()


def _flowables(part: Part) -> list[Any]:
    _, note, heading, body, _ = _styles()
    if part.answer is None:
        return [_words(part.text, heading if part.kind == "heading" else body)]
    drawn = {"value": _value, "chart": _picture}.get(part.kind, _table)(part.answer)
    return [drawn, _words(f"{part.answer.name}. {part.answer.note}", note)]


def _value(answer: Answer) -> Any:
    title = _styles()[0]
    found = answer.rows[-1][-1] if answer.rows else None
    return _words(shown(found, answer.columns[-1].unit), title)


def _picture(answer: Answer) -> Any:
    from reportlab.platypus import Image

    wide, high = size(answer)
    return Image(BytesIO(png(answer)), width=WIDTH, height=WIDTH * high / wide)


def _table(answer: Answer) -> Any:
    from reportlab.platypus import Table

    columns, wide = answer.columns, len(answer.columns) > WIDE
    style = _styles()[4 if wide else 3]
    head = [_words(c.name, style) for c in columns]
    rows = [[_words(c.shown(v), style) for v, c in zip(row, columns, strict=True)] for row in answer.rows]
    widths = [WIDTH / len(columns)] * len(columns) if wide else None
    look: list[Any] = [("LINEBELOW", (0, 0), (-1, -1), 0.5, "#d9dde3")]
    close = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0.5)]
    return Table([head, *rows], widths, repeatRows=1, style=[*look, *close] if wide else look)


def _words(text: str, style: Any) -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(escape(text), style)


@cache
def _styles() -> tuple[Any, Any, Any, Any, Any]:
    """Return the styles of title, notes, headings, text and what is set small."""
    from matplotlib import get_data_path
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    registerFont(TTFont(FACE, str(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))))
    body = ParagraphStyle("body", fontName=FACE, fontSize=9, leading=13, spaceAfter=4)
    title = ParagraphStyle("title", body, fontSize=20, leading=26, spaceAfter=6)
    heading = ParagraphStyle("heading", body, fontSize=13, leading=18, spaceBefore=14)
    note = ParagraphStyle("note", body, fontSize=7, leading=10, textColor="#5b6470", spaceAfter=12)
    small = ParagraphStyle("small", body, fontSize=6, leading=8)
    return title, note, heading, body, small
