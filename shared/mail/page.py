"""Pages that customers reach by a link: no key, no scripts, nothing fetched from elsewhere."""

from html import escape

from shared.http.answer import Answer
from shared.http.route import Options

PUBLIC = Options(public=True, documented=False, idempotent=False)
HEADERS = {"Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'"}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<main><h1>{title}</h1>{body}</main></html>
"""


def page(title: str, body: str, status: int = 200) -> Answer:
    """Return a page; `title` is text, `body` HTML."""
    shown = PAGE.format(title=escape(title), body=body)
    return Answer(shown, status, content_type="text/html; charset=utf-8", headers=HEADERS)
