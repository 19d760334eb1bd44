"""A report as PDF, on A4, in a typeface that has more than the Latin letters."""

from collections.abc import Mapping
from functools import cache, partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from services.analytics.reports.chart import png, size
from services.analytics.reports.page import Answer, Column, Page, Part, shown

FACE, BOLD = "DejaVu", "DejaVu bold"
WIDTH, MARGIN, FOOT = 480, 51, 30  # points; what is shown, beside it, and from the lower edge
WIDE = 8  # columns, beyond which a table is set small
NUMBER = 100  # points of a column of numbers, where there are few
LINE, QUIET = "#d9dde3", "#5b6470"


def render(page: Page) -> bytes:
    """Return the page as PDF; it holds no time of making, so that equal pages are equal files."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    file, sides = BytesIO(), {"leftMargin": MARGIN, "rightMargin": MARGIN}
    document = SimpleDocTemplate(file, pagesize=A4, title=page.title, author="Rapport", invariant=1, **sides)
    begin = [_words(page.title, "title"), _words(page.clocks, "note")]
    parts = [flowable for part in page.parts for flowable in _flowables(part)]
    foot = partial(_foot, page.origin)
    document.build([*begin, *parts], onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _foot(origin: str, canvas: Any, document: Any) -> None:
    _styles()  # the typeface is known from here on
    canvas.setFont(FACE, 7)
    canvas.setFillColor(QUIET)
    canvas.drawString(MARGIN, FOOT, origin)
    canvas.drawRightString(document.pagesize[0] - MARGIN, FOOT, str(document.page))


def _flowables(part: Part) -> list[Any]:
    """Return what stands below each other; a name stays with what it names, and that with its note."""
    if part.answer is None:
        return [_words(part.text, "heading" if part.kind == "heading" else "body")]
    drawn = {"value": _value, "chart": _picture}.get(part.kind, _table)(part.answer)
    drawn.keepWithNext = part.kind in ("value", "chart")
    return [_words(part.answer.name, "name"), drawn, _words(part.answer.note, "note")]


def _value(answer: Answer) -> Any:
    found = answer.rows[-1][-1] if answer.rows else None
    return _words(shown(found, answer.columns[-1].unit), "body" if found is None else "value")


def _picture(answer: Answer) -> Any:
    from reportlab.platypus import Image

    wide, high = size(answer)
    return Image(BytesIO(png(answer)), width=WIDTH, height=WIDTH * high / wide)


def _table(answer: Answer) -> Any:
    from reportlab.platypus import Table

    columns, wide = answer.columns, len(answer.columns) > WIDE
    head = [_words(c.name, _cell(c, wide, "head")) for c in columns]
    rows = [
        [_words(c.shown(v), _cell(c, wide)) for v, c in zip(row, columns, strict=True)] for row in answer.rows
    ]
    look: list[Any] = [("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)]
    close = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0.5)]
    return Table([head, *rows], _widths(columns), repeatRows=1, style=[*look, *close] if wide else look)


def _cell(column: Column, wide: bool, style: str = "body") -> str:
    return "small" if wide else f"{style} number" if column.numeric else style


def _widths(columns: tuple[Column, ...]) -> list[float]:
    """Return the widths: numbers have as much as they need, the words before them the rest."""
    others = len(columns) - 1
    number = WIDTH / len(columns) if others >= WIDE else min(NUMBER, 0.7 * WIDTH / max(1, others))
    return [WIDTH - others * number, *[number] * others]


def _words(text: str, style: str) -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(escape(text), _styles()[style])


@cache
def _styles() -> Mapping[str, Any]:
    from matplotlib import get_data_path
    from reportlab.lib.enums import TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for face, file in ((FACE, "DejaVuSans.ttf"), (BOLD, "DejaVuSans-Bold.ttf")):
        registerFont(TTFont(face, str(Path(get_data_path(), "fonts", "ttf", file))))
    body = ParagraphStyle("body", fontName=FACE, fontSize=9, leading=13, spaceAfter=4)
    head = ParagraphStyle("head", body, fontName=BOLD)
    heading = ParagraphStyle("heading", head, fontSize=13, leading=18, spaceBefore=14, keepWithNext=1)
    found = (
        body, head, heading,
        ParagraphStyle("title", head, fontSize=18, leading=24, spaceAfter=6),
        ParagraphStyle("name", heading, fontSize=9, leading=13, spaceBefore=6),
        ParagraphStyle("value", body, fontSize=20, leading=26),
        ParagraphStyle("note", body, fontSize=7, leading=10, textColor=QUIET, spaceAfter=12),
        ParagraphStyle("small", body, fontSize=6, leading=8),
        ParagraphStyle("body number", body, alignment=TA_RIGHT),
        ParagraphStyle("head number", head, alignment=TA_RIGHT),
    )  # fmt: skip
    return {style.name: style for style in found}
