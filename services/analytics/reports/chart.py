"""Answers as pictures. The drawing library is loaded with the first picture: an idle service needs none."""

from io import BytesIO
from typing import Any

from services.analytics.reports.page import Answer

TIMES = ("day", "week", "month", "quarter", "year")
SIZE = (8.0, 3.2)  # inches
# Nothing of the moment or the machine goes into a picture: the same answer gives the same bytes.
SALT = "rapport"


def svg(answer: Answer) -> str:
    """Return the picture as an SVG element."""
    text = _drawn(answer, "svg", {"Date": None, "Creator": None}).decode()
    return text[text.index("<svg") :]


def png(answer: Answer) -> bytes:
    """Return the picture as PNG."""
    return _drawn(answer, "png", {"Software": None})


def _drawn(answer: Answer, kind: str, metadata: dict[str, Any]) -> bytes:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        figure = Figure(figsize=SIZE, layout="constrained")
        _plot(figure.subplots(), answer)
        file = BytesIO()
        figure.savefig(file, format=kind, dpi=150, metadata=metadata)
    return file.getvalue()


def _plot(axes: Any, answer: Answer) -> None:
    labels = [str(row[0]) for row in answer.rows]
    line = answer.columns[0].name in TIMES
    for place, column in enumerate(answer.columns[1:], 1):
        if column.numeric:
            heights = [_height(row[place], column.unit) for row in answer.rows]
            draw = axes.plot if line else axes.bar
            draw(range(len(labels)), heights, label=column.name, **({"marker": "o"} if line else {}))
    _label(axes, labels, [c.name for c in answer.columns[1:] if c.numeric])


def _label(axes: Any, labels: list[str], names: list[str]) -> None:
    step = max(1, len(labels) // 12)
    axes.set_xticks(range(0, len(labels), step), labels[::step], rotation=30, ha="right")
    axes.spines[["top", "right"]].set_visible(False)
    if len(names) > 1:
        axes.legend(frameon=False)
    elif names:
        axes.set_ylabel(names[0])


def _height(value: Any, unit: str) -> float:
    """Gaps in a line are NaN; money is drawn in its major unit."""
    if value is None:
        return float("nan")
    number = float(value)
    return number / 100 if unit.isupper() else number
