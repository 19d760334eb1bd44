"""Views for analysts' own tools: stable names, the collection in use behind them, nothing personal."""

import json
import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services.analytics.exports.mongo_views import MONGO_VIEWS
from services.analytics.views.customer import CUSTOMER
from shared.cli import main
from shared.project.pointer import pointer
from tests.company import populate
from tests.integration.analytics.test_api import Desk
from tests.integration.analytics.test_exports_api import export

pytestmark = pytest.mark.integration
SAME = {"orders": "order_id", "events": "event_id", "customers": "customer"}


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


def test_views_say_what_the_exported_tables_say(desk: Desk) -> None:
    """Columns of one name have one value; nothing sealed is in them."""
    for view in MONGO_VIEWS:
        found = read(desk, view.name)
        assert found
        assert "sealed:" not in repr(found)
        if view.table in SAME:
            key, rows = SAME[view.table], {row[SAME[view.table]]: row for row in export(desk, view.table)[1]}
            assert {document[key] for document in found} == rows.keys()
            for document in found:
                for name in document.keys() & {"gross", "net", "channel", "currency", "orders", "version"}:
                    assert document[name] == rows[document[key]][name]


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
