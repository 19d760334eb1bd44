"""A report as one HTML file: no script, nothing loaded from elsewhere, dark when the reader's screen is."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from services.analytics.reports.chart import svg
from services.analytics.reports.page import Answer, Page, shown


def render(page: Page) -> bytes:
    """Return the page as HTML."""
    return _template().render(page=page, shown=shown, picture=_picture).encode()


def _picture(answer: Answer) -> Markup:
    return Markup(svg(answer))  # noqa: S704 - drawn here, its texts are escaped by the drawing library


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, undefined=StrictUndefined, autoescape=True).get_template("page.html.j2")
