"""Render the page, or the answer, that stands at the input: `formats` is who asks."""

import pickle
import sys
from collections.abc import Callable, Mapping
from typing import Any

from services.analytics.reports import chart, html, pdf

RENDER: Mapping[str, Callable[[Any], bytes]] = {
    "html": html.render,
    "pdf": pdf.render,
    "png": chart.png,
    "svg": lambda answer: chart.svg(answer).encode(),
}


def main() -> None:
    """Write it as a file of the form asked for."""
    form, shown = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the service that started this process
    sys.stdout.buffer.write(RENDER[form](shown))


if __name__ == "__main__":
    main()
