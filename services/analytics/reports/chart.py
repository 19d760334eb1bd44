"""Answers as pictures. The drawing library is loaded with the first picture: an idle service needs none."""

import re
from functools import partial
from io import BytesIO
from math import isfinite, sqrt
from typing import Any

from services.analytics.reports.page import NOT_AVAILABLE, Answer, Column, shown

TIMES = ("day", "week", "month", "quarter", "year")
SIZE, ROW = (8.0, 3.2), 0.26  # inches
SMALL, DARK = 7, 0.6  # points; the shade from which on words in it are white
IN_CELL = {"fontsize": SMALL, "ha": "center", "va": "center"}
# Nothing of the moment or the machine goes into a picture: the same answer gives the same bytes.
SALT = "rapport"


def svg(answer: Answer) -> str:
    """Return the picture as an SVG element."""
    text = _drawn(answer, "svg", {"Date": None, "Creator": None}).decode()
    return text[text.index("<svg") :]


def png(answer: Answer) -> bytes:
    """Return the picture as PNG."""
    return _drawn(answer, "png", {"Software": None})


def size(answer: Answer) -> tuple[float, float]:
    """Return width and height of the picture in inches: a grid is as high as its rows."""
    width, height = SIZE
    return width, max(height, ROW * len(answer.rows)) if _cells(answer) else height


def _drawn(answer: Answer, kind: str, metadata: dict[str, Any]) -> bytes:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        figure = Figure(figsize=size(answer), layout="constrained")
        _plot(figure.subplots(), answer)
        file = BytesIO()
        figure.savefig(file, format=kind, dpi=150, metadata=metadata)
    return file.getvalue()


def _plot(axes: Any, answer: Answer) -> None:
    if _cells(answer):
        _shade(axes, answer)
    else:
        _draw(axes, answer)


def _cells(answer: Answer) -> list[int]:
    return [place for place, column in enumerate(answer.columns) if column.cell] if answer.rows else []


def _shade(axes: Any, answer: Answer) -> None:
    """Draw a grid: the larger a cell, the darker, each with its value."""
    places = _cells(answer)
    columns = [answer.columns[place] for place in places]
    rows = [[row[place] for place in places] for row in answer.rows]
    dark = shades(rows)
    axes.pcolormesh(dark, cmap="Blues", vmin=0, vmax=1, edgecolors="white")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            ink = "white" if dark[y][x] > DARK else "black"
            axes.text(x + 0.5, y + 0.5, columns[x].shown(value), color=ink, **IN_CELL)
    axes.set_xticks([x + 0.5 for x in range(len(columns))], [c.name for c in columns], fontsize=SMALL)
    axes.set_yticks([y + 0.5 for y in range(len(rows))], [str(r[0]) for r in answer.rows], fontsize=SMALL)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def shades(rows: list[list[Any]]) -> list[list[float]]:
    """Return how dark each cell is, from 0 to 1; the root, so that small ones can be told apart."""
    most = max((value for row in rows for value in row if value is not None), default=0) or 1
    return [[float("nan") if v is None else sqrt(max(0, v / most)) for v in row] for row in rows]


def _draw(axes: Any, answer: Answer) -> None:
    """Draw the values by their labels; how many counted in each is for the table."""
    labels = [str(row[0]) for row in answer.rows]
    if len(answer.columns) > 1:
        by, value = answer.columns[:2]
        draw = partial(axes.plot, marker="o") if by.name in TIMES else axes.bar
        heights = [float("nan") if row[1] is None else float(row[1]) for row in answer.rows]
        draw(range(len(labels)), heights)
        _measure(axes, value, heights)
    step = max(1, len(labels) // 12)
    axes.set_xticks(range(0, len(labels), step), labels[::step], rotation=30, ha="right")
    axes.spines[["top", "right"]].set_visible(False)


def _measure(axes: Any, value: Column, heights: list[float]) -> None:
    """Write the values' unit beside them; what is never below zero begins there."""
    from matplotlib.ticker import MaxNLocator

    known = [height for height in heights if isfinite(height)]
    axes.set_ylabel(value.name)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=value.unit == "count"))
    axes.yaxis.set_major_formatter(lambda at, _: tick(at, value.unit))
    if min(known, default=0) >= 0:
        axes.set_ylim(0, 1.05 * max(known, default=0) or 1)
    if not known:
        axes.text(0.5, 0.5, NOT_AVAILABLE, transform=axes.transAxes, ha="center")


def tick(at: float, unit: str) -> str:
    """Return what stands at a point of the axis: `2,000 GBP`, `40 %`."""
    return re.sub(r"\.0+(?=\s|$)", "", shown(round(at, 9), unit))
