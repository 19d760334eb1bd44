"""Warranties, and what a ticket shows of its order."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.support.domain.warranty import (
    WARRANTY,
    PublishWarranty,
    RetireWarranty,
    Warranty,
    WarrantyPublished,
    WarrantyRetired,
    warranty_of,
)
from services.support.order_of import order_of
from shared.errors import Conflict, NotFound
from shared.testing.controls import WHEN
from shared.testing.given import given

ALL = Warranty("legal", 1, 24)
KETTLES = Warranty("kettles", 1, 36, categories=("kettles",))
LIDS = Warranty("lids", 1, 12, skus=("LID",))
PLACED = {"at": datetime(2026, 1, 31, 12, tzinfo=UTC), "total": {"amount": 100, "currency": "GBP"}}


def test_a_warranty_is_published_in_versions_and_retired():
    """The same again is no news; retired for good."""
    publish, published = PublishWarranty("legal", 24), WarrantyPublished("legal", ALL)
    retire, retired = RetireWarranty("legal", WHEN), WarrantyRetired("legal", WHEN)

    given(WARRANTY).when(publish).then(published)
    given(WARRANTY, published).when(publish).then_nothing()
    given(WARRANTY, published).when(PublishWarranty("legal", 36)).then(
        WarrantyPublished("legal", replace(ALL, version=2, months=36))
    )
    given(WARRANTY, published).when(retire).then(retired)
    given(WARRANTY, published, retired).when(publish).then_raises(Conflict, "retired")
    given(WARRANTY).when(retire).then_raises(NotFound)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"sku": "LID", "category": "kettles"}, LIDS),
        ({"sku": "K1", "category": "kettles"}, KETTLES),
        ({"sku": "CUP"}, ALL),
    ],
)
def test_goods_are_under_the_warranty_that_names_them_best(line, expected):
    """Goods before categories before everything."""
    assert warranty_of([ALL, KETTLES, LIDS], line) == expected
    assert warranty_of([LIDS], {"sku": "CUP"}) is None


def test_row_80_a_ticket_shows_order_and_warranty():
    """From the day it arrived, to the last day of a shorter month; then it is over."""
    lines = [{"sku": "LID", "quantity": 1}, {"sku": "CUP", "quantity": 2}]
    facts = {"placed": {**PLACED, "lines": lines}}
    arrived = {**facts, "delivered": {"at": datetime(2028, 2, 29, 8, tzinfo=UTC)}}

    shown = order_of(facts, [LIDS], date(2027, 1, 31))
    assert shown["facts"]["placed"]["total"] == {"amount": 100, "currency": "GBP"}
    [lid] = shown["warranty"]
    assert lid == {"sku": "LID", "warranty_id": "lids", "until": date(2027, 1, 31), "in_force": True}
    [late] = order_of(arrived, [LIDS], date(2029, 3, 1))["warranty"]
    assert (late["until"], late["in_force"]) == (date(2029, 2, 28), False)
    assert order_of({"placed": PLACED}, [ALL], date(2026, 1, 31))["warranty"] == []
