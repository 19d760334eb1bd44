"""Files into events: what a mapping may say, and what becomes of every row."""

import csv
import json

import pytest
from openpyxl import Workbook

from shared.errors import Unavailable
from shared.imports.events import mapped
from shared.imports.expression import MappingError
from shared.imports.mapping import compiled, read_map
from shared.imports.rows import Refused, Source
from shared.imports.run import run_import
from shared.imports.send import HttpSender, Verdict
from shared.imports.state import StateFile

VISITS = """
source: tills
file: {format: csv}
events:
  - type: store.visit_recorded
    id: "{no}"
    time: {column: at, convert: [{datetime: "%Y-%m-%d %H:%M", zone: Europe/London}]}
    require:
      - {column: store, present: true, reason: store is empty}
    data:
      store: {column: store, convert: [strip, {lookup: {L: Leeds, Y: York}}]}
      customer: {loyalty_id: {column: card}}
"""
HEAD = "no,at,store,card\n"
GOOD = "1,2026-07-01 10:00,L,C-1\n2,2026-01-01 10:00,Y,\n"


@pytest.fixture
def made(tmp_path):
    """A function that writes a file and a mapping and returns what becomes of the rows."""

    def make(text, mapping=VISITS, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        (tmp_path / "map.yaml").write_text(mapping)
        file_map = read_map(tmp_path / "map.yaml")
        return list(mapped(Source(path, file_map.file), file_map, "file-id"))

    return make


def test_rows_become_events(made):
    """Columns, converters, zones and templates give the event; what is empty is left out."""
    first, second = made(HEAD + GOOD)
    assert first.event["time"] == "2026-07-01T09:00:00Z"
    assert (first.event["id"], first.event["source"]) == ("1", "tills")
    assert first.event["data"] == {"store": "Leeds", "customer": {"loyalty_id": "C-1"}}
    assert second.event["data"] == {"store": "York"}


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("3,2026-01-01 10:00,,C-1", "store", "store is empty"),
        ("3,2026-01-01 10:00,Z,C-1", "store", "'Z' is not one of L, Y"),
        ("3,yesterday,L,C-1", "at", "'yesterday' is not a time in the form %Y-%m-%d %H:%M"),
        (",2026-01-01 10:00,L,C-1", "/id", "is missing"),
        ("3,2026-01-01 10:00,L", "", "has 3 columns instead of 4"),
        ("3,2026-01-01 10:00,L," + "x" * 300, "/data/customer/loyalty_id", "is longer than 254"),
    ],
)
def test_a_broken_row_is_refused_alone(made, line, field, reason):
    """The row is told with field and reason; its neighbours go through."""
    before, refused, after = made(f"{HEAD}1,2026-07-01 10:00,L,\n{line}\n9,2026-01-01 10:00,Y,\n")
    assert refused == Refused(2, field, reason)
    assert (before.rows, after.rows) == ((1,), (3,))


def test_bytes_of_another_encoding_refuse_their_row_only(made):
    """A Latin-1 letter in a UTF-8 file costs one row."""
    refused, good = made(HEAD.encode() + b"1,2026-07-01 10:00,L,\xe4\n2,2026-01-01 10:00,Y,ok\n")
    assert (refused.field, good.rows) == ("card", (2,))


def test_ndjson_reads_nested_objects(made):
    """A dotted column is a path; a line that is no JSON is refused."""
    mapping = VISITS.replace("csv", "ndjson").replace("column: card", "column: who.card")
    lines = [json.dumps({"no": 1, "at": "2026-07-01 10:00", "store": "L", "who": {"card": "C-9"}}), "{"]
    good, refused = made("\n".join(lines), mapping, "file.ndjson")
    assert good.event["data"]["customer"] == {"loyalty_id": "C-9"}
    assert refused.reason.startswith("is no JSON")


def test_excel_cells_are_read_as_shown(tmp_path):
    """Whole numbers lose their .0, dates have one form."""
    book = Workbook()
    book.active.append(["no", "at", "store", "card"])
    book.active.append([7.0, "2026-07-01 10:00", "L", None])
    book.save(tmp_path / "file.xlsx")
    (tmp_path / "map.yaml").write_text(VISITS.replace("csv", "excel"))
    file_map = read_map(tmp_path / "map.yaml")
    [item] = mapped(Source(tmp_path / "file.xlsx", file_map.file), file_map, "x")
    assert item.event["id"] == "7"


ORDERS = """
source: shop
file: {format: csv}
group: {by: no, gap: 2}
events:
  - when: {column: no, starts_with: R}
    type: erp.goods_returned
    time: "2026-01-01"
    data:
      return_no: {column: no}
      currency: GBP
      lines:
        each_row: &line
          sku: {column: sku}
          quantity: {column: n, convert: [integer, absolute]}
          unit_price: "1"
  - type: web.order_placed
    time: "2026-01-01"
    require: [{column: n, above: 0, reason: nothing ordered}]
    data: {order_no: {column: no}, currency: GBP, lines: {each_row: *line}}
"""


def test_rows_of_one_order_become_one_event(made):
    """Lines may be interrupted by others; a refused line leaves the rest; the rule is chosen by the first."""
    items = made("no,sku,n\nA,s1,1\nB,s2,2\nA,s3,0\nR,s4,-3\nA,s5,5\n", ORDERS)
    events = {
        item.event["data"].get("order_no", "R"): item for item in items if not isinstance(item, Refused)
    }
    assert [line["sku"] for line in events["A"].event["data"]["lines"]] == ["s1", "s5"]
    assert events["R"].event["data"]["lines"] == [{"sku": "s4", "quantity": 3, "unit_price": "1"}]
    assert [item for item in items if isinstance(item, Refused)] == [Refused(3, "n", "nothing ordered")]


def test_a_row_after_the_end_of_its_group_is_refused(made):
    """Nothing is silently split into two events of one order."""
    items = made("no,sku,n\nA,s,1\nB,s,1\nC,s,1\nD,s,1\nA,s,1\n", ORDERS)
    assert [i for i in items if isinstance(i, Refused)] == [
        Refused(5, "no", "A comes again more than 2 rows after its group")
    ]


def test_an_order_whose_lines_are_all_refused_gives_no_event(made):
    """Every row is refused, nothing is sent."""
    assert [type(item) for item in made("no,sku,n\nA,s,0\nA,t,-1\n", ORDERS)] == [Refused, Refused]


def test_a_year_rolls_on(made):
    """Day and month in the order of time get their year."""
    mapping = """
source: s
file: {format: csv}
events:
  - type: store.visit_recorded
    time: {rolling_date: {first_year: 2008, day: {column: d}, month: {column: m}}}
    data: {store: Leeds}
"""
    items = made("d,m\n5,5\n31,12\n1,1\n30,2\n1,3\n", mapping)
    assert [i.event["time"][:10] if not isinstance(i, Refused) else i.field for i in items] == [
        "2008-05-05", "2008-12-31", "2009-01-01", "date", "2009-03-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("source: tills\n", ""), "/source is missing"),
        (
            ("type: store.visit_recorded", "type: store.visited"),
            "/events/0/type store.visited is not a known",
        ),
        (("strip, ", "stripe, "), "/events/0/data/store/convert stripe is no converter"),
        (("present: true, ", ""), "/events/0/require/0 needs exactly one of"),
        (("format: csv", "format: xml"), "/file/format is not one of csv, ndjson, excel"),
        (("source: tills", "source: ["), "is not YAML"),
        (
            ("{column: card}", "{column: card, widht: 3}"),
            "/events/0/data/customer/loyalty_id/widht is not known",
        ),
    ],
)
def test_a_wrong_mapping_is_told_with_its_place(made, change, reason):
    """The error names what is wrong and where."""
    with pytest.raises(MappingError) as caught:
        made(HEAD, VISITS.replace(*change))
    assert reason in str(caught.value)


class Door:
    """A front door that knows ids, refuses some, and may fall over."""

    def __init__(self, fail_at=None):
        self.seen, self.calls, self.fail_at = {}, 0, fail_at

    def send(self, events):
        """Judge the events."""
        self.calls += 1
        if self.calls == self.fail_at:
            raise Unavailable("gone")
        return [self.judge(event) for event in events]

    def judge(self, event):
        """Refuse store York, know what was seen."""
        if event["data"]["store"] == "York":
            return Verdict("rejected", "/data/store", "is closed")
        known = event["id"] in self.seen
        self.seen[event["id"]] = event
        return Verdict("duplicate" if known else "accepted")

    def close(self):
        """Nothing to close."""


@pytest.fixture
def file(tmp_path):
    """Fifty rows: every fifth is refused by the mapping, every fifth by the door."""
    lines = [f"{n},2026-07-01 10:00,{'L' if n % 5 > 1 else 'Y' if n % 5 else 'Z'},\n" for n in range(1, 51)]
    (tmp_path / "file.csv").write_text(HEAD + "".join(lines))
    (tmp_path / "map.yaml").write_text(VISITS)
    return tmp_path / "file.csv"


def run(file, door, **options):
    """One run as the command makes it."""
    file_map = read_map(file.parent / "map.yaml")
    state = StateFile(file.parent / "state", "key")
    rejects = file.parent / "rejects.csv"
    return run_import(file, file_map, "id", sender=door, state=state, rejects=rejects, batch=7, **options)


def test_the_counts_add_up(file):
    """read = accepted + duplicate + rejected, and every refused row is in the file with its reason."""
    totals = run(file, Door())
    rejected = list(csv.DictReader((file.parent / "rejects.csv").open()))
    assert (totals.read, totals.accepted, totals.rejected, totals.add_up) == (50, 30, 20, True)
    assert {row["reason"] for row in rejected} == {"is closed", "'Z' is not one of L, Y"}
    assert len({row["row"] for row in rejected}) == 20


def test_an_interrupted_import_goes_on(file):
    """After a failure the same command sends the rest only, and counts and rejects are those of one run."""
    door = Door(fail_at=4)
    with pytest.raises(Unavailable):
        run(file, door)
    before = len(door.seen)
    totals = run(file, door)
    rejected = list(csv.DictReader((file.parent / "rejects.csv").open()))
    assert 0 < before < 30
    assert (totals.accepted, totals.duplicate, totals.rejected, len(rejected)) == (30, 0, 20, 20)


def test_importing_twice_changes_nothing(file):
    """A second run finds duplicates only."""
    door = Door()
    run(file, door)
    totals = run(file, door)
    assert (totals.accepted, totals.duplicate, totals.rejected) == (0, 30, 20)


def test_a_dry_run_sends_nothing(file):
    """The mapping's refusals are told without a door."""
    assert run(file, None).rejected == 10


def test_a_busy_door_is_given_time(monkeypatch):
    """429 and 503 are waited out as long as they ask."""
    answers = [(503, {"Retry-After": "7"}), (429, {"Retry-After": "3"}), (202, {})]
    pauses = []
    sender = HttpSender("http://door", "key", sleep=pauses.append)
    monkeypatch.setattr(sender._session, "post", lambda *_, **__: Answer(*answers.pop(0)))
    assert sender.send([{}]) == [Verdict("accepted")]
    assert pauses == [7, 3]


class Answer:
    """An HTTP answer."""

    def __init__(self, status, headers):
        self.status_code, self.headers, self.ok = status, headers, status < 400

    def json(self):
        """One accepted item."""
        return {"results": [{"id": "1", "status": "accepted"}]}


def test_compiled_maps_have_defaults():
    """CSV is comma-separated UTF-8 unless told otherwise."""
    spec = {"source": "s", "file": {"format": "csv"}, "events": []}
    assert compiled(spec).file["delimiter"] == ","
