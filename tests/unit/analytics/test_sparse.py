"""Every view, table and sentence takes an event that says no more than its contract demands."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, get_args, get_origin

import pytest

from services.analytics.exports.sales import deals
from services.analytics.exports.table import Entities, Facts, Table
from services.analytics.exports.tables import tables
from services.analytics.metrics import METRICS
from services.analytics.metrics.engine import measured
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader
from services.analytics.views import Secrets, projections
from services.analytics.views.facts import Kind, entity_of, facts_of
from services.analytics.views.facts_kinds import KINDS
from services.analytics.views.facts_sales import DEAL
from services.analytics.views.lines import line
from services.analytics.views.readable import READABLE
from services.analytics.views.readable import Entities as Lines
from services.analytics.views.timeline import SENTENCES, describe
from services.contracts import contracts
from shared.contracts.derive import Shape, shape_of, shapes_of
from shared.contracts.examples import example
from shared.events import Event
from shared.identity import Refs
from shared.privacy import MemoryKeyStore, Vault
from shared.project.projection import Projection
from tests.company import BEGIN, Company
from tests.unit.analytics.metrics.folded import Folded

Data = dict[str, Any]
VAULT = Vault(MemoryKeyStore())
PROJECTIONS = {p.name: p for p in projections(Secrets(VAULT, Refs(b"k" * 32)))}
TABLES = tables(VAULT)
YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def demanded(cls: Any, data: Mapping[str, Any]) -> Data:
    """Return what of an example cannot be left out; of a field that may be None nothing is stored."""
    shapes = shapes_of(cls)
    kept = [f.name for f in fields(cls) if not (_defaulted(f) or shapes[f.name].optional)]
    return {name: _within(shapes[name], data[name]) for name in kept}


def _defaulted(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _within(shape: Shape, value: Any) -> Any:
    if is_dataclass(shape.kind):
        return demanded(shape.kind, value)
    if get_origin(shape.kind) in (list, tuple):
        inner = shape_of(get_args(shape.kind)[0])
        return [_within(inner, each) for each in value]
    return value


def _told() -> Iterator[tuple[str, tuple[str, Data]]]:
    for contract in contracts():
        if contract.type.startswith("rapport."):
            _, service, kind, _ = contract.type.split(".")
            yield kind, (service, demanded(contract.payload, example(contract.payload)))


TOLD = dict(_told())


def history(*types: str, stream: str = "entity-1") -> list[Event]:
    """Return a stream of events of these types, a day apart."""
    company = Company()
    return [
        company.write(TOLD[t][0], t, stream, "c-1", at=BEGIN + n * timedelta(days=1), said=TOLD[t][1])
        for n, t in enumerate(types, 1)
    ]


def folded(projection: Projection, *types: str) -> dict[str, Any]:
    """Return the views after such a stream."""
    views: dict[str, Any] = {}
    for event in history(*types):
        for key, part in projection.parts(event):
            views[key] = projection.project(views.get(key), part)
    return views


def pairs(kind: Kind) -> Iterator[Any]:
    """Yield an entity after every two events of its kind."""
    for types in product(kind.kept, repeat=2):
        for key, view in folded(facts_of(kind), *types).items():
            yield entity_of({**view, "_id": key})


@pytest.mark.parametrize("name", PROJECTIONS)
def test_a_view_takes_what_is_told_first_and_after_all_the_rest(name: str) -> None:
    """Whatever is optional is left out."""
    types = sorted(PROJECTIONS[name].types)
    for first in types:
        folded(PROJECTIONS[name], first)
    assert folded(PROJECTIONS[name], *types, *types)


@pytest.mark.parametrize(
    "name", [name for name, table in TABLES.items() if table.source.__class__ is Entities]
)
def test_a_table_of_entities_has_a_row_after_any_two_events(name: str) -> None:
    """With a value for every column, null where nothing was told."""
    table = TABLES[name]
    assert isinstance(table.source, Entities)
    rows = [row for entity in pairs(table.source.kind) for row in table.source.rows(entity)]
    assert rows
    assert all(row.keys() == names(table) for row in rows)


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.source.__class__ is Facts])
def test_a_table_of_events_has_a_row_for_each(name: str) -> None:
    """With a value for every column, null where nothing was told."""
    table = TABLES[name]
    assert isinstance(table.source, Facts)
    for event in history(*(table.source.types or TOLD)):
        assert table.source.row(event).keys() == names(table)


def names(table: Table) -> set[str]:
    """Return the names of the columns."""
    return {column.name for column in table.columns}


@pytest.mark.parametrize("name", [name for name, view in READABLE.items() if isinstance(view, Lines)])
def test_a_view_to_page_through_has_a_line_after_any_two_events(name: str) -> None:
    """Of every entity."""
    view = READABLE[name]
    assert isinstance(view, Lines)
    assert all(line(entity, view.say)["events"] for entity in pairs(view.kind))


def test_the_timeline_has_a_sentence_for_every_event() -> None:
    """Of its own or made of the words of its type."""
    assert all(describe(event) for event in history(*SENTENCES, *TOLD))


def test_every_metric_has_an_answer() -> None:
    """A value or the reason why there is none."""
    told = [event for kind in KINDS for event in history(*kind.kept, stream=f"{kind.name}-1")]
    reader = Reader(Folded(told))
    for metric in METRICS:
        figure = measured(metric, Question(YEAR), reader).figure
        assert figure.value is not None or figure.reason, metric.id


def test_a_deal_that_is_taken_from_its_owner_without_another_keeps_the_last_one_named() -> None:
    """In tables as in metrics."""
    company = Company()
    for type_, said in (
        ("OpportunityOpened", {"owner": "ann"}),
        ("OpportunityOwnerChanged", {"to_owner": None}),
    ):
        company.write("sales", type_, "opportunity-7", "c-1", opportunity_id="7", said=said)
    view = None
    for event in company.events():
        view = facts_of(DEAL).project(view, event)
    (row,) = deals(entity_of({**(view or {}), "_id": "opportunity-7"}))
    assert row["owner"] == "ann"
