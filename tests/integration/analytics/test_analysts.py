"""Views for analysts' own tools: stable names, the collection in use behind them, nothing personal."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest
from click.testing import CliRunner
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services.analytics.exports.mongo_events import NOT_IN_VIEWS
from services.analytics.exports.mongo_views import MONGO_VIEWS
from services.analytics.exports.table import Table
from services.analytics.exports.tables import tables
from services.analytics.views.customer import CUSTOMER
from shared.cli import main
from shared.privacy import MemoryKeyStore, Vault
from shared.project.pointer import pointer
from tests.company import populate
from tests.integration.analytics.every_table import fill
from tests.integration.analytics.test_api import Desk
from tests.integration.analytics.test_exports_api import export

pytestmark = pytest.mark.integration
TABLES = tuple(tables(Vault(MemoryKeyStore())).values())


@pytest.fixture
def desk(mongodb_url: str) -> Iterator[Desk]:
    """Analytics with a few busy customers, and the views."""
    desk = Desk(mongodb_url)
    populate(desk.company, customers=3, rounds=2)
    desk.publish()
    desk.app.analysts.point()
    yield desk
    desk.app.client.drop_database(desk.app.database.name)
    desk.app.close()


def read(desk: Desk, name: str) -> list[dict[str, Any]]:
    """Return the documents of a view."""
    return list(desk.app.database[name].find({}))


def sent(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of a view as the export sends it."""
    moments = {name: v.replace(tzinfo=UTC) for name, v in document.items() if isinstance(v, datetime)}
    told: dict[str, Any] = orjson.loads(orjson.dumps({**document, **moments}, option=orjson.OPT_UTC_Z))
    return told


def by_key(rows: list[dict[str, Any]], table: Table) -> list[dict[str, Any]]:
    """Return rows in the order of their keys."""
    return sorted(rows, key=lambda row: [row[name] for name in table.key])


def test_every_exported_table_has_its_view(desk: Desk) -> None:
    """Row by row and column by column a view says what the export says, after a merge as well."""
    fill(desk.company)
    desk.company.merge("c-0001", "c-0002")
    desk.publish()
    assert {(view.table, view.version) for view in MONGO_VIEWS} == {(t.name, t.version) for t in TABLES}
    for table in TABLES:
        hidden = {column.name for column in table.columns if column.personal}
        hidden |= {column for name, column in NOT_IN_VIEWS if name == table.name}
        rows = [
            {name: value for name, value in row.items() if name not in hidden}
            for row in export(desk, table.name)[1]
        ]
        found = read(desk, f"analyst_{table.name}_v{table.version}")
        assert rows, table.name
        assert "sealed:" not in repr(found)
        assert by_key([sent(each) for each in found], table) == by_key(rows, table), table.name


def test_a_view_follows_a_rebuild(desk: Desk) -> None:
    """After the collection in use has changed, the same name shows the new one; pointing twice is once."""
    before = read(desk, "analyst_customers_v1")
    desk.app.folds.lives[CUSTOMER.name].rebuild.begin()
    desk.app.rebuild()
    new = pointer(desk.app.database, CUSTOMER.name).collection
    desk.app.analysts.point()
    made = {each["name"]: each for each in desk.app.database.list_collections()}
    assert made["analyst_customers_v1"]["options"]["viewOn"] == new
    by_id = sorted(read(desk, "analyst_customers_v1"), key=lambda each: each["customer"])
    assert by_id == sorted(before, key=lambda each: each["customer"])


def test_an_analyst_reads_the_views(desk: Desk, mongodb_url: str) -> None:
    """The user signs in and reads; making it twice is refused. On a real MongoDB nothing else may be read.

    Authorisation of the embedded database is no boundary, so the refusal is proved on a real one alone.
    """
    name, database = f"eva-{uuid4().hex[:8]}", desk.app.database.name
    command = ["analysts", "create", name, "--mongodb", mongodb_url, "--database", database, "--json"]
    made = CliRunner().invoke(main, command)
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert told["views"] == sorted(view.name for view in MONGO_VIEWS)
    assert CliRunner().invoke(main, command).exit_code != 0
    with MongoClient(
        mongodb_url, username=name, password=told["password"], authSource=database
    ) as client:  # the options win over the URL's
        assert list(client[database]["analyst_orders_v1"].find({}))
        if os.environ.get("RAPPORT_MONGODB_URL"):
            with pytest.raises(OperationFailure):
                client[database]["journal"].find_one({})
            with pytest.raises(OperationFailure):
                client[database]["analyst_orders_v1"].insert_one({})
    desk.app.client[database].command("dropUser", name)
