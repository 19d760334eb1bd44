"""Tables for analysts' own tools: whole, changed since, as of, with and without personal columns."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from services.analytics.exports.tables import tables
from shared.events.clock import now
from shared.http.keys import MongoKeyRing, make_key
from shared.privacy import MemoryKeyStore, Vault
from tests.company import BEGIN, populate
from tests.integration.analytics.test_api import ADMIN, Desk
from tests.integration.analytics.test_predictions_api import order

pytestmark = pytest.mark.integration
TABLES = tuple(tables(Vault(MemoryKeyStore())))
Lines = list[dict[str, Any]]


@pytest.fixture
def desk(mongodb_url: str) -> Iterator[Desk]:
    """Analytics with a few busy customers, served and folded."""
    desk = Desk(mongodb_url)
    populate(desk.company, customers=4, rounds=3)
    desk.publish()
    yield desk
    desk.app.client.drop_database(desk.app.database.name)
    desk.app.close()


def export(desk: Desk, table: str, headers: dict[str, str] = ADMIN, **query: Any) -> tuple[Any, Lines]:
    """Return the first line of an export, and its rows, once the last line has confirmed their number."""
    answer = desk.ask(f"/v1/exports/{table}", headers, **{name: str(v) for name, v in query.items()})
    assert answer.status_code == 200, answer.text
    begin, *rows, end = map(orjson.loads, answer.data.splitlines())
    assert end == {"$end": {"rows": len(rows)}}
    return begin["$begin"], rows


def test_every_row_has_the_columns_of_its_table(desk: Desk) -> None:
    """The rows are what the first line says, each with a key of its own, and nothing sealed in them."""
    for table in TABLES:
        begin, rows = export(desk, table)
        names = [column["name"] for column in begin["columns"]]
        assert all(list(row) == names for row in rows)
        keys = [tuple(row[name] for name in begin["key"]) for row in rows]
        assert len(set(keys)) == len(keys)
        assert table == "customers" or b"sealed:" not in orjson.dumps(rows)


def test_rows_are_what_the_events_say(desk: Desk) -> None:
    """Orders, deals and events of a known history, counted by hand."""
    logs = desk.company.logs
    placed = [e for e in logs["sales"] if e.type == "OrderPlaced"]
    back = {e.data["order_id"]: e.data["value"]["amount"] for e in logs["sales"] if e.type == "OrderReturned"}
    _, orders = export(desk, "orders")
    expected = {
        e.data["order_id"]: e.data["total"]["amount"] - back.get(e.data["order_id"], 0) for e in placed
    }
    assert {row["order_id"]: row["net"] for row in orders} == expected
    told = [row["service"] for row in export(desk, "events")[1]]
    assert len(told) - told.count("analytics") == len(desk.company.events())
    assert told.count("analytics") == desk.app.store.head().position
    won = sum(e.type == "OpportunityWon" for e in logs["sales"])
    assert sum(row["status"] == "won" for row in export(desk, "deals")[1]) == won
    assert len(export(desk, "customers")[1]) == 4


def test_only_what_changed_is_told_again(desk: Desk) -> None:
    """After a position there is nothing; after one more order, that order and its customer alone."""
    upto = export(desk, "orders")[0]["upto"]
    assert export(desk, "orders", after=upto)[1] == []
    order(desk, "new", "c-0001-mail", BEGIN + timedelta(days=9), 700)
    desk.publish()
    assert [row["order_id"] for row in export(desk, "orders", after=upto)[1]] == ["new"]
    told = export(desk, "customers", after=upto)[1]
    assert [row["customer"] for row in told if "$gone" not in row] == ["c-0001"]


def test_a_merge_tells_all_rows_of_the_customer_again(desk: Desk) -> None:
    """The absorbed customer is gone, and every order names the survivor."""
    upto = export(desk, "orders")[0]["upto"]
    mine = {row["order_id"] for row in export(desk, "orders")[1] if row["customer"] in ("c-0001", "c-0002")}
    desk.company.merge("c-0001", "c-0002")
    desk.publish()
    again = export(desk, "orders", after=upto)[1]
    assert {row["order_id"] for row in again} == mine
    assert {row["customer"] for row in again} == {"c-0001"}
    assert {"$gone": "c-0002"} in export(desk, "customers", after=upto)[1]


def test_tables_are_told_as_they_were(desk: Desk) -> None:
    """As of a day only earlier orders count; customers can be told as they are now only."""
    middle = BEGIN + timedelta(minutes=100_000)
    early = [e for e in desk.company.logs["sales"] if e.type == "OrderPlaced" and e.occurred_at <= middle]
    assert len(export(desk, "orders", as_of=middle.isoformat())[1]) == len(early)
    since = export(desk, "orders", since=middle.date())[1]
    assert all(row["placed_at"] >= middle.date().isoformat() for row in since)
    for path in ("customers?as_of=2026-03-01T00:00:00Z", "orders?after=1&known_at=2026-03-01T00:00:00Z"):
        assert desk.web.get(f"/v1/exports/{path}", headers=ADMIN).status_code == 422
    assert desk.web.get("/v1/exports/secrets", headers=ADMIN).status_code == 404


def test_personal_columns_take_the_right_to_see_them(desk: Desk) -> None:
    """Without it they are neither described nor told; without the scope nothing is."""
    token, record = make_key("analyst", ["exports:read"], now())
    other, poor = make_key("clerk", ["metrics:read"], now())
    for each in (record, poor):
        MongoKeyRing(desk.app.database).add(each)
    headers = {"Authorization": f"Bearer {token}"}
    begin, rows = export(desk, "customers", headers)
    assert rows
    assert not {"email", "name", "phone"} & {name for row in rows for name in row}
    assert "email" not in [column["name"] for column in begin["columns"]]
    assert "email" in export(desk, "customers")[1][0]
    assert not begin["past"]
    assert desk.ask("/v1/exports/customers", {"Authorization": f"Bearer {other}"}).status_code == 403
