"""Render a page that stands at the input: `formats.render` is who asks."""

import pickle
import sys

from services.analytics.reports import html, pdf

RENDER = {"html": html.render, "pdf": pdf.render}


def main() -> None:
    """Write the page as a file of the form asked for."""
    form, page = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the service that started this process
    sys.stdout.buffer.write(RENDER[form](page))


if __name__ == "__main__":
    main()
