"""The committed mappings against independently computed facts of the data."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from shared.imports.events import mapped
from shared.imports.mapping import read_map
from shared.imports.rows import Refused, Source

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data sets are not here")


def outcome(name, file):
    """The events and the refused rows of a whole file."""
    file_map = read_map(ROOT / "mappings" / f"{name}.yaml")
    items = list(mapped(Source(DATA / file, file_map.file), file_map, name))
    refused = [item for item in items if isinstance(item, Refused)]
    return [item for item in items if not isinstance(item, Refused)], refused


def value(items, kind):
    """The sum over all lines of one kind of event."""
    lines = (line for item in items if kind in item.event["type"] for line in item.event["data"]["lines"])
    return sum(Decimal(line["unit_price"]) * line["quantity"] for line in lines)


def test_online_retail_agrees_with_its_facts():
    """Gross revenue, credit notes, customers and the fate of every row."""
    items, refused = outcome("online_retail", "online_retail/online_retail_2010-12-01_2011-07-12.csv.gz")
    assert round(value(items, "order_placed"), 2) == Decimal("5072361.99")
    assert round(value(items, "goods_returned"), 2) == Decimal("432281.53")
    assert Counter(each.reason for each in refused) == {
        "quantity is not above zero": 783,
        "price is not above zero": 739,
    }
    assert sum(len(item.rows) for item in items) + len(refused) == 261_322
    bought = {_customer(i) for i in items if "order_placed" in i.event["type"]} - {None}
    assert len(bought) == 3_027


def test_bank_marketing_agrees_with_its_facts():
    """Calls, contacts made and responses by month and medium."""
    items, refused = outcome("bank_marketing", "bank_marketing/bank-full.csv")
    data = [item.event["data"] for item in items]
    yes = [item.event for item in items if item.event["data"]["responded"]]
    assert (len(items), len(refused), sum(each["attempts"] for each in data)) == (45_211, 0, 124_956)
    assert Counter(each["data"]["medium"] for each in yes) == {
        "cellular": 4_369,
        "telephone": 390,
        "unknown": 530,
    }
    assert Counter(each["time"][5:7] for each in yes)["05"] == 925
    assert (items[0].event["time"][:7], items[-1].event["time"][:7]) == ("2008-05", "2010-11")


def test_crm_pipeline_agrees_with_its_facts():
    """Opportunities by stage and the value won."""
    items, refused = outcome("crm_pipeline", "crm_pipeline/sales_pipeline.csv")
    data = [item.event["data"] for item in items]
    assert Counter(each["stage"] for each in data) == {
        "Won": 4_238, "Lost": 2_473, "Engaging": 1_589, "Prospecting": 500,
    }  # fmt: skip
    assert sum(each["amount"]["amount"] for each in data if each["stage"] == "Won") == 10_005_534_00
    assert (len(refused), sum("customer" not in each for each in data)) == (0, 1_425)


def _customer(item):
    return item.event["data"].get("customer", {}).get("customer_no")
