"""From channel events to the commands of sales."""

import pytest

from services.sales.channel import APPLY
from services.sales.domain import DECIDERS
from services.sales.domain.opportunity import ReportOpportunity
from services.sales.domain.order import CancelOrder, Line, PlaceOrder, RecordReturn, RecordShipment
from shared.contracts.catalogue import CATALOGUE
from shared.receive import Instruct
from shared.testing.controls import WHEN, heard
from shared.values import Money

OWNED = [contract.type for contract in CATALOGUE.owned_by("sales")]
LINE = {"sku": "cup", "quantity": 1, "unit_price": "2.55"}


def test_every_channel_type_of_sales_is_applied():
    """No type is forgotten, and none of another service is taken."""
    assert set(APPLY) == set(OWNED)


@pytest.mark.parametrize("type_", OWNED)
def test_every_channel_type_reaches_an_aggregate(type_):
    """The example of every type becomes a command that its aggregate takes."""
    deciders = {d.category: d for d in DECIDERS}

    for instruct in APPLY[type_](heard(type_)):
        decider = deciders[instruct.category]
        assert decider.decide(decider.initial, instruct.command)


def test_an_order_keeps_its_number_and_moment():
    """The stream is named by the order number as given; the event's time is when it was placed."""
    data = {"order_no": "536365", "currency": "GBP", "lines": [LINE], "customer": {"email": "a@b.c"}}

    placed = PlaceOrder("536365", "GBP", (Line("cup", 1, "2.55"),), placed_at=WHEN)
    assert APPLY["channel.store.order_placed.v1"](heard("channel.store.order_placed.v1", data)) == [
        Instruct("order", "536365", placed)
    ]


@pytest.mark.parametrize(("order_no", "key"), [("536365", "536365"), (None, "C9")])
def test_a_return_goes_to_its_order_or_stands_alone(order_no, key):
    """Named orders get their goods back; a blind return is a stream of its own."""
    data = {"return_no": "C9", "order_no": order_no, "currency": "GBP", "lines": [LINE]}

    returned = RecordReturn(key, "C9", "GBP", (Line("cup", 1, "2.55"),))
    assert APPLY["channel.erp.goods_returned.v1"](heard("channel.erp.goods_returned.v1", data)) == [
        Instruct("order", key, returned)
    ]


def test_steps_of_an_order_go_to_the_order():
    """Cancellation and shipment name the order alone."""
    data = {"order_no": "1"}

    assert APPLY["channel.web.order_cancelled.v1"](heard("channel.web.order_cancelled.v1", data)) == [
        Instruct("order", "1", CancelOrder("1"))
    ]
    assert APPLY["channel.erp.order_shipped.v1"](heard("channel.erp.order_shipped.v1", data)) == [
        Instruct("order", "1", RecordShipment("1", WHEN))
    ]


def test_a_reported_opportunity_has_a_pipeline():
    """Where no pipeline is told it is the default one."""
    data = {
        "opportunity_no": "1C1",
        "owner": "Moses",
        "stage": "Won",
        "amount": {"amount": 105400, "currency": "USD"},
    }

    [instruct] = APPLY["channel.crm.opportunity_reported.v1"](
        heard("channel.crm.opportunity_reported.v1", data)
    )

    told = ReportOpportunity("1C1", "Moses", "Won", WHEN, "default", amount=Money(105400, "USD"))
    assert instruct == Instruct("opportunity", "1C1", told)
