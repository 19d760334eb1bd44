"""A metric as a table or a picture: of the same answer, and the same bytes for the same answer."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Literal

Picture = Literal["png", "svg"]
COLUMNS = ("label", "from", "to", "value", "numerator", "denominator", "n", "reason")
MEDIA = {"csv": "text/csv; charset=utf-8", "png": "image/png", "svg": "image/svg+xml"}


def csv_of(answer: Mapping[str, Any]) -> str:
    """Return the points, or the value alone, as CSV with a header."""
    out = io.StringIO()
    table = csv.DictWriter(out, ("metric", "version", *COLUMNS, "unit", "currency"), lineterminator="\n")
    table.writeheader()
    for line in _lines(answer):
        known = {name: _text(line.get(name)) for name in COLUMNS}
        same = {name: answer.get(name, "") for name in ("metric", "version", "unit", "currency")}
        table.writerow(same | known)
    return out.getvalue()


def _lines(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    window = {"from": answer["parameters"]["from"], "to": answer["parameters"]["to"]}
    return list(answer["points"]) or [{"label": answer["parameters"]["scope"], **window, **answer}]


def _text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def picture_of(answer: Mapping[str, Any], form: Picture) -> bytes:
    """Return a chart of the points; what is not available leaves a gap."""
    # Not needed by who only reads numbers, and it takes 60 MB.
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": answer["metric"], "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 4.5), dpi=100, layout="constrained")
        (FigureCanvasAgg if form == "png" else FigureCanvasSVG)(figure)
        _draw(figure.add_subplot(), answer)
        out = io.BytesIO()
        stamp = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(out, format=form, metadata=stamp)
    return out.getvalue()


def _draw(axes: Any, answer: Mapping[str, Any]) -> None:
    lines = _lines(answer)
    labels = [str(line["label"]) or "(none)" for line in lines]
    values = [float("nan") if line["value"] is None else line["value"] for line in lines]
    if len(lines) > 1 and answer["parameters"]["by"] in ("day", "week", "month", "quarter", "year"):
        axes.plot(range(len(values)), values, marker="o", markersize=3)
    else:
        axes.bar(range(len(values)), values)
    step = max(1, len(labels) // 12)
    axes.set_xticks(range(0, len(labels), step), labels[::step], rotation=45, ha="right")
    axes.set_title(f"{answer['title']}, {answer['parameters']['scope']}")
    axes.set_ylabel(f"{answer['unit']} {answer.get('currency') or ''}".strip())
    axes.grid(visible=True, axis="y", alpha=0.3)
