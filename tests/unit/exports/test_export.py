"""Exports as files: partitioned, brought up to date, whole or not at all, safe to open, asked in SQL."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from openpyxl import load_workbook

from shared.errors import Conflict, Corrupt, NotFound, Rejected, Unavailable
from shared.exports.files import read_parquet, safe
from shared.exports.manifest import Terms
from shared.exports.run import Done, Export
from shared.exports.sql import ask

Row = dict[str, Any]
COLUMNS = (("order_id", "text"), ("placed_at", "moment"), ("net", "integer"), ("off", "flag"), ("due", "day"))


class Analytics:
    """Stands in for the service: rows with the position at which they changed last."""

    def __init__(self, *rows: Row, day: str | None = "placed_at") -> None:
        self.rows = dict(enumerate(rows, 1))
        self.day, self.version, self.whole = day, 1, True
        self.asked: list[int] = []

    def change(self, *rows: Row) -> None:
        """Let rows change, or come to be."""
        self.rows |= dict(enumerate(rows, max(self.rows) + 1))

    @contextmanager
    def __call__(self, name: str, query: dict[str, Any]) -> Iterator[Iterable[bytes]]:
        """Answer as analytics does."""
        after = query["after"] or 0
        self.asked.append(after)
        columns = [{"name": column, "type": type_, "says": f"the {column}"} for column, type_ in COLUMNS]
        told = {
            "table": name,
            "version": self.version,
            "key": ["order_id"],
            "day": self.day,
            "columns": columns,
        }
        sent = [row for at, row in self.rows.items() if at > after]
        begin = {"$begin": {**told, "upto": max(self.rows), "about": len(sent)}}
        end = [{"$end": {"rows": len(sent)}}] if self.whole else []
        yield [orjson.dumps(line) for line in (begin, *sent, *end)]


def row(number: str, day: str = "2026-03-01", net: int | None = 100, **more: Any) -> Row:
    """Return an order."""
    return {
        "order_id": number,
        "placed_at": f"{day}T10:00:00.5Z",
        "net": net,
        "off": False,
        "due": None,
    } | more


def export(folder: Path, analytics: Analytics, **terms: Any) -> Done:
    """Run an export of orders."""
    told = Terms(**{"format": "parquet", "partition": "day", **terms})
    return next(iter(Export(folder, told, analytics).run(["orders"])))


def test_rows_are_in_the_partition_of_their_day(tmp_path: Path) -> None:
    """A file per day, in UTC, with the types of the columns."""
    done = export(tmp_path, Analytics(row("a"), row("b", "2026-03-02", due="2026-04-01")))
    assert (done.rows, done.changed, done.partitions) == (2, 2, 2)
    assert read_parquet(tmp_path / "orders" / "dt=2026-03-01" / "data.parquet") == [
        row("a", placed_at="2026-03-01T10:00:00.500000Z")
    ]
    assert ask(tmp_path, "SELECT order_id, dt::VARCHAR, due FROM orders WHERE due IS NOT NULL")[1][0][:2] == (
        "b",
        "2026-03-02",
    )


def test_a_second_run_takes_what_changed_alone(tmp_path: Path) -> None:
    """A changed row replaces the old one; a run without changes touches nothing; twice is once."""
    analytics = Analytics(row("a"), row("b", "2026-03-02"))
    export(tmp_path, analytics)
    analytics.change(row("a", net=40), row("c", "2026-03-02"))
    other = tmp_path / "orders" / "dt=2026-03-02" / "data.parquet"
    assert export(tmp_path, analytics).changed == 2
    assert ask(tmp_path, "SELECT order_id, net FROM orders ORDER BY 1")[1] == [
        ("a", 40),
        ("b", 100),
        ("c", 100),
    ]
    before = other.stat().st_mtime_ns
    assert export(tmp_path, analytics) == Done("orders", 3, 0, 0, 4)
    assert other.stat().st_mtime_ns == before
    assert analytics.asked == [0, 2, 4]


def test_an_export_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    """Without its last line the answer is not used; the next run begins where the last whole one ended."""
    analytics = Analytics(row("a"))
    export(tmp_path, analytics)
    analytics.change(row("a", net=1))
    analytics.whole = False
    with pytest.raises(Unavailable, match="broke off"):
        export(tmp_path, analytics)
    assert ask(tmp_path, "SELECT net FROM orders")[1] == [(100,)]
    analytics.whole = True
    assert export(tmp_path, analytics).changed == 1
    assert analytics.asked == [0, 1, 1]


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second one is refused and changes nothing; when the first has ended the folder is free."""
    first = Export(tmp_path, Terms("parquet", "day"), Analytics(row("a"))).run(["orders", "orders"])
    assert next(first).rows == 1
    with pytest.raises(Conflict, match="another run"):
        export(tmp_path, Analytics(row("b"), row("c")))
    assert [done.changed for done in first] == [0]
    assert export(tmp_path, Analytics(row("a"), row("b"))).rows == 2


def test_another_version_of_a_table_is_exported_anew(tmp_path: Path) -> None:
    """Files of the old form are replaced, none is left over."""
    analytics = Analytics(row("a"), row("b", "2026-03-02"))
    export(tmp_path, analytics)
    analytics.version, analytics.rows = 2, {5: row("z", "2026-03-03")}
    assert export(tmp_path, analytics).rows == 1
    assert ask(tmp_path, "SELECT order_id FROM orders")[1] == [("z",)]


def test_who_is_gone_is_taken_out(tmp_path: Path) -> None:
    """A customer that became part of another one has no row any more."""
    analytics = Analytics(row("a"), row("b"), day=None)
    export(tmp_path, analytics)
    analytics.change({"$gone": "a"})
    export(tmp_path, analytics)
    assert ask(tmp_path, "SELECT order_id FROM orders")[1] == [("b",)]


def test_a_folder_keeps_its_terms(tmp_path: Path) -> None:
    """Another format needs another folder; a damaged manifest is told, not overwritten."""
    export(tmp_path, Analytics(row("a")))
    with pytest.raises(Conflict, match="format parquet"):
        export(tmp_path, Analytics(row("a")), format="csv")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(Corrupt, match="manifest"):
        export(tmp_path, Analytics(row("a")))


def test_a_picture_of_the_past_is_taken_whole(tmp_path: Path) -> None:
    """With a bound clock there is no 'what changed'."""
    analytics = Analytics(row("a"))
    for _ in range(2):
        export(tmp_path, analytics, as_of="2026-03-05T00:00:00Z")
    assert analytics.asked == [0, 0]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    """What would begin a formula gets an apostrophe; numbers and other texts stay."""
    assert safe(text) == f"'{text}"
    assert (safe("1-1"), safe(-5), safe(None)) == ("1-1", -5, None)


def test_csv_is_safe_and_may_have_a_mark(tmp_path: Path) -> None:
    """UTF-8, header first, formulas disarmed, and brought up to date like Parquet."""
    analytics = Analytics(row("=cmd|' /C calc'!A0"), row("é", net=None, off=True))
    export(tmp_path, analytics, format="csv", bom=True)
    path = tmp_path / "orders" / "dt=2026-03-01" / "orders.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbforder_id,placed_at,net,off,due")
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["order_id"] for line in lines] == ["'=cmd|' /C calc'!A0", "é"]
    assert (lines[1]["net"], lines[1]["off"]) == ("", "true")
    assert lines[0]["placed_at"] == "2026-03-01T10:00:00.500000Z"
    analytics.change(row("é", net=5))
    export(tmp_path, analytics, format="csv", bom=True)
    assert path.read_text(encoding="utf-8-sig").count("é") == 1
    assert ask(tmp_path, "SELECT count(*) FROM orders WHERE order_id LIKE '=%'")[1] == [(1,)]


def test_xlsx_is_one_sheet_without_formulas(tmp_path: Path) -> None:
    """Texts stay texts, moments are moments in UTC."""
    export(tmp_path, Analytics(row("=1+1"), row("b", "2026-03-02")), format="xlsx", partition="none")
    sheet = load_workbook(tmp_path / "orders" / "orders.xlsx").active
    assert sheet is not None
    found = list(sheet.iter_rows(values_only=True))
    assert found[0] == ("order_id", "placed_at", "net", "off", "due")
    assert found[1][0] == "'=1+1"
    assert sheet["A2"].data_type == "s"
    assert str(found[2][1]) == "2026-03-02 10:00:00.500000"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_odd_texts_come_through(form: str, tmp_path: Path) -> None:
    """What no sheet can hold becomes the sign for a character that is not known; all else stays as it is."""
    texts = [
        "a\x00b\x0bc\uffff",
        "two\nlines",
        "\u05e9\u05dc\u05d5\u05dd",
        "\U0001f600",
        'a "b", c',
        "_x0041_",
    ]
    export(tmp_path, Analytics(*map(row, texts)), format=form, partition="none")
    path = tmp_path / "orders" / f"orders.{form}"
    with path.open(encoding="utf-8", newline="", errors="replace") as file:
        lines = csv.reader(file) if form == "csv" else load_workbook(path).active.values  # type: ignore[union-attr]
        found = {line[0] for line in lines}
    assert found == {"order_id", "a\ufffdb\ufffdc\ufffd", *texts[1:]}


def test_sql_reads_tables_alone(tmp_path: Path) -> None:
    """Neither other files nor extensions, and it writes nothing; a table without rows has its columns."""
    analytics = Analytics(row("a"))
    export(tmp_path / "out", analytics)
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    for statement in (
        f"FROM '{tmp_path / 'secret.csv'}'",
        f"COPY orders TO '{tmp_path / 'stolen.csv'}'",
        f"COPY orders TO '{tmp_path / 'out' / 'orders' / 'dt=2026-03-01' / 'data.parquet'}'",
        f"ATTACH '{tmp_path / 'out' / 'more.db'}'",
        f"FROM read_text('{tmp_path / 'out' / 'manifest.json'}')",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT nothing FROM orders",
    ):
        with pytest.raises(Rejected):
            ask(tmp_path / "out", statement)
    with pytest.raises(NotFound, match="no exported table"):
        ask(tmp_path, "SELECT 1")
    analytics.rows = {1: row("a")}
    export(tmp_path / "empty", EmptyAnalytics())
    assert ask(tmp_path / "empty", "SELECT count(*), count(net) FROM orders")[1] == [(0, 0)]
    says = "SELECT type, says FROM dictionary WHERE column_name = 'net'"
    assert ask(tmp_path / "empty", says)[1] == [("integer", "the net")]


def test_sql_answers_moments_and_columns_of_one_name(tmp_path: Path) -> None:
    """A moment is one in UTC; a second column of a name is told apart; a sum stays exact."""
    export(tmp_path, Analytics(row("a"), row("b", net=2**62), row("c", net=2**62)))
    statement = "SELECT placed_at, max(net) AS net, sum(net) AS net FROM orders GROUP BY 1"
    columns, rows = ask(tmp_path, statement)
    assert columns == ["placed_at", "net", "net_1"]
    assert rows == [(datetime(2026, 3, 1, 10, 0, 0, 500_000, UTC), 2**62, 2**63 + 100)]


def test_sql_reads_what_a_finished_run_has_told_of(tmp_path: Path) -> None:
    """The draft that a killed run leaves is no part of a table; torn files and manifests are told of."""
    export(tmp_path, Analytics(row("a")), partition="month")
    for place in ("dt=2026-03/.data.parquet", "dt=2026-04/data.parquet"):
        draft = tmp_path / "orders" / place
        draft.parent.mkdir(exist_ok=True)
        draft.write_bytes(b"PAR1 torn")
    assert ask(tmp_path, "SELECT order_id, dt FROM orders")[1] == [("a", "2026-03")]
    (tmp_path / "orders" / "dt=2026-03" / "data.parquet").write_bytes(b"torn")
    with pytest.raises(Rejected):
        ask(tmp_path, "SELECT order_id FROM orders")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(Corrupt, match="no manifest"):
        ask(tmp_path, "SELECT 1")


@pytest.mark.parametrize("form", ["parquet", "csv", "xlsx"])
def test_a_table_in_one_file_has_one_without_rows_too(form: str, tmp_path: Path) -> None:
    """It has the columns; what comes later is put into it."""
    assert export(tmp_path, EmptyAnalytics(), format=form, partition="none").rows == 0
    name = "data.parquet" if form == "parquet" else f"orders.{form}"
    assert (tmp_path / "orders" / name).exists()
    assert ask(tmp_path, "SELECT count(net) FROM orders")[1] == [(0,)]
    assert export(tmp_path, Analytics(row("a"), row("b")), format=form, partition="none").rows == 1
    assert ask(tmp_path, "SELECT order_id FROM orders")[1] == [("b",)]


class EmptyAnalytics(Analytics):
    """Has no rows."""

    def __init__(self) -> None:
        super().__init__(row("a"))
        self.asked = []

    @contextmanager
    def __call__(self, name: str, query: dict[str, Any]) -> Iterator[Iterable[bytes]]:
        """Answer without a row."""
        with super().__call__(name, query) as lines:
            begin, *_ = lines
            yield [begin, orjson.dumps({"$end": {"rows": 0}})]
