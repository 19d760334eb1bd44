"""A metric as a table: of the same answer, and the same bytes for the same answer."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from shared.exports.files import safe

COLUMNS = ("label", "from", "to", "value", "numerator", "denominator", "n", "reason")
MEDIA = {"csv": "text/csv; charset=utf-8", "png": "image/png", "svg": "image/svg+xml"}


def csv_of(answer: Mapping[str, Any]) -> str:
    """Return the points, or the value alone, as CSV with a header."""
    out = io.StringIO()
    limit = {"limited_to": safe(", ".join(teams))} if (teams := answer.get("limited_to")) else {}
    cells = cells_of(answer)
    names = ("metric", "version", *COLUMNS, "unit", "currency", *cells, *limit)
    table = csv.DictWriter(out, names, lineterminator="\n")
    table.writeheader()
    for line in _lines(answer):
        known = {name: _text(line.get(name)) for name in COLUMNS}
        known |= {name: line.get("detail", {}).get(name) for name in cells}
        same = {name: answer.get(name, "") for name in ("metric", "version", "unit", "currency")}
        table.writerow(same | known | limit)
    return out.getvalue()


def cells_of(answer: Mapping[str, Any]) -> list[str]:
    """Return the names of the details that are cells of a table, in order; none where they are not."""
    if "along" not in answer:
        return []
    return sorted({name for line in _lines(answer) for name in line.get("detail", {})})


def _lines(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    window = {"from": answer["parameters"]["from"], "to": answer["parameters"]["to"]}
    return list(answer["points"]) or [{"label": answer["parameters"]["scope"], **window, **answer}]


def _text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else safe(value)
