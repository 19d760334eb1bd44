"""Orders: placed, paid, shipped, delivered, cancelled, returned."""

from datetime import date

import pytest

from services.sales.domain.order import (
    ORDER,
    CancellationNoted,
    CancelOrder,
    DeliveryPromised,
    IssueRefund,
    Line,
    OrderCancelled,
    OrderDelivered,
    OrderLine,
    OrderPaymentRecorded,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    PlaceOrder,
    PromiseDelivery,
    RecordDelivery,
    RecordPayment,
    RecordReturn,
    RecordShipment,
    RefundIssued,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import moment
from shared.testing.given import given
from shared.values import Money


def gbp(amount):
    """Return an amount in pence."""
    return Money(amount, "GBP")


CUPS, PLATES = Line("cup", 6, "2.55", "Cup"), Line("plate", 2, "10")
PLACE = PlaceOrder("1", "GBP", (CUPS, PLATES))
PLACED = OrderPlaced(
    "1", "1", (OrderLine("cup", 6, "2.55", 1530, "Cup"), OrderLine("plate", 2, "10", 2000)), gbp(3530)
)


def back(*lines, no="R1", currency="GBP"):
    """Return the command that takes these lines back to order 1."""
    return RecordReturn("1", no, currency, lines)


def test_an_order_is_placed_with_the_sum_of_its_lines():
    """An unknown order is taken, and its total is the sum of its lines."""
    given(ORDER).when(PLACE).then(PLACED)


def test_a_line_keeps_its_category_and_how_it_was_configured():
    """What the channel says of the kind of article and of its options is in the event as it was said."""
    chosen = {"colour": "red", "engraving": "Ada"}
    command = PlaceOrder("1", "GBP", (Line("cup", 1, "2.50", None, "kitchen", chosen),))
    line = OrderLine("cup", 1, "2.50", 250, None, "kitchen", chosen)
    given(ORDER).when(command).then(OrderPlaced("1", "1", (line,), gbp(250)))


def test_s5_each_line_is_rounded_half_up():
    """S-5: 3 x 0.335 = 1.005 is 1.01, and 1 x 0.334 is 0.33; the total is the sum of the rounded lines."""
    lines = (Line("a", 3, "0.335"), Line("b", 1, "0.334"))
    placed = OrderPlaced(
        "1", "1", (OrderLine("a", 3, "0.335", 101), OrderLine("b", 1, "0.334", 33)), gbp(134)
    )

    given(ORDER).when(PlaceOrder("1", "GBP", lines)).then(placed)


def test_s5_a_currency_without_minor_units_has_none():
    """S-5: 2 x 150.50 yen are 301 yen."""
    placed = OrderPlaced("1", "1", (OrderLine("a", 2, "150.50", 301),), Money(301, "JPY"))

    given(ORDER).when(PlaceOrder("1", "JPY", (Line("a", 2, "150.50"),))).then(placed)


def test_the_same_order_again_is_no_news():
    """An identical report changes nothing, even when another system tells another moment."""
    again = PlaceOrder("1", "GBP", (CUPS, PLATES), placed_at=moment(hours=1))

    given(ORDER, PLACED).when(again).then_nothing()


def test_another_order_under_the_same_number_is_refused():
    """A contradicting report is a conflict."""
    given(ORDER, PLACED).when(PlaceOrder("1", "GBP", (CUPS,))).then_raises(Conflict, "other content")


def test_a_price_of_nothing_is_refused_by_name():
    """A line without a price is no sale; the refusal points to the line."""
    free = PlaceOrder("1", "GBP", (CUPS, Line("gift", 1, "0.00")))

    given(ORDER).when(free).then_raises(Invalid, "/lines/1/unit_price")


def test_a_part_of_the_order_comes_back():
    """A return in part takes back the value of that part."""
    returned = OrderReturned("1", "R1", (OrderLine("cup", 2, "2.55", 510, "Cup"),), gbp(510), blind=False)

    given(ORDER, PLACED).when(back(Line("cup", 2, "2.55", "Cup"))).then(returned)


def test_the_whole_order_comes_back():
    """A return of everything takes back the whole value."""
    returned = OrderReturned("1", "R1", PLACED.lines, gbp(3530), blind=False)

    given(ORDER, PLACED).when(back(CUPS, PLATES)).then(returned)


def test_never_more_comes_back_than_was_bought():
    """Six cups were bought and two came back: five more can not."""
    command = back(Line("cup", 5, "2.55"), no="R2")

    outcome = given(ORDER, PLACED).when(back(Line("cup", 2, "2.55")), command)

    outcome.then_raises(Conflict, "5 of cup can not come back: 6 were bought and 2 came back before")


@pytest.mark.parametrize(
    ("line", "currency", "words"),
    [
        (Line("spoon", 1, "1"), "GBP", "0 were bought"),
        (Line("cup", 1, "2.56"), "GBP", "was bought at 2.55, not at 2.56"),
        (Line("cup", 1, "2.55"), "EUR", "is in GBP"),
    ],
)
def test_nothing_else_comes_back(line, currency, words):
    """What was not bought, not at that price or not in that currency, does not come back."""
    given(ORDER, PLACED).when(back(line, currency=currency)).then_raises(Conflict, words)


def test_parts_rounded_up_never_exceed_the_whole():
    """Three cups at 0.335 cost 1.01; returned one by one they give 0.34, 0.34 and 0.33."""
    place = PlaceOrder("1", "GBP", (Line("cup", 3, "0.335"),))
    one = Line("cup", 1, "0.335")
    last = OrderReturned("1", "R3", (OrderLine("cup", 1, "0.335", 34),), gbp(33), blind=False)

    given(ORDER).when(place, back(one, no="R1"), back(one, no="R2"), back(one, no="R3")).then(last)


def test_a_blind_return_is_taken_as_it_is_told():
    """Goods of an order that is not known come back blindly."""
    returned = OrderReturned("1", "R1", (OrderLine("cup", 1, "2.55", 255),), gbp(255), blind=True)

    given(ORDER).when(back(Line("cup", 1, "2.55"))).then(returned)


def test_a_blind_return_counts_once_the_order_comes():
    """What came back before the order was known can not come back again."""
    outcome = given(ORDER).when(back(Line("cup", 6, "2.55")), PLACE, back(Line("cup", 1, "2.55"), no="R2"))

    outcome.then_raises(Conflict, "6 came back before")


def test_the_same_return_again_is_no_news_and_another_is_refused():
    """A return number stands for one return."""
    returned = OrderReturned("1", "R1", (OrderLine("cup", 2, "2.55", 510),), gbp(510), blind=False)

    given(ORDER, PLACED, returned).when(back(Line("cup", 2, "2.55"))).then_nothing()
    given(ORDER, PLACED, returned).when(back(Line("cup", 1, "2.55"))).then_raises(Conflict, "other content")


def test_a_cancellation_takes_the_value_back_once():
    """Before it shipped an order can be called off, and only once."""
    cancelled = OrderCancelled("1", gbp(3530), "changed_mind")

    given(ORDER, PLACED).when(CancelOrder("1", "changed_mind")).then(cancelled)
    given(ORDER, PLACED, cancelled).when(CancelOrder("1")).then_nothing()


@pytest.mark.parametrize("gone", [OrderShipped("1"), OrderDelivered("1")])
def test_what_shipped_can_not_be_cancelled(gone):
    """After the goods left, they come back as a return."""
    given(ORDER, PLACED, gone).when(CancelOrder("1")).then_raises(Conflict, "has shipped")


def test_a_cancellation_before_its_order_takes_effect_with_it():
    """Facts of one order may come in any order."""
    given(ORDER).when(CancelOrder("1", "fraud")).then(CancellationNoted("1", "fraud"))
    given(ORDER, CancellationNoted("1", "fraud")).when(PLACE).then(
        PLACED, OrderCancelled("1", gbp(3530), "fraud")
    )


def test_a_list_tells_what_is_paid_and_what_came_back():
    """Money counts against what was kept; goods that came back whole are owed nothing for."""

    def stands(*commands):
        line = ORDER.summary(given(ORDER).when(*commands).after())
        return line["payment"], line["returned"]

    place = PlaceOrder("1", "GBP", (Line("cup", 2, "5"), Line("pot", 1, "10")))
    cup = RecordReturn("1", "R1", "GBP", (Line("cup", 1, "5"),))
    rest = RecordReturn("1", "R2", "GBP", (Line("cup", 1, "5"), Line("pot", 1, "10")))
    assert stands(place) == ("open", "none")
    assert stands(place, RecordPayment("1", Money(500, "GBP"))) == ("part", "none")
    assert stands(place, RecordPayment("1", Money(1500, "GBP")), cup) == ("paid", "part")
    assert stands(place, cup, rest) == ("paid", "whole")


@pytest.mark.parametrize("past", [[PLACED, OrderCancelled("1", gbp(3530))], [CancellationNoted("1")]])
@pytest.mark.parametrize("command", [RecordShipment("1"), RecordDelivery("1")])
def test_s9_a_cancelled_order_can_not_ship(past, command):
    """S-9: what is called off neither ships nor arrives."""
    given(ORDER, *past).when(command).then_raises(Conflict, "is cancelled")


def test_s9_goods_ship_and_arrive_once():
    """S-9: shipped, then delivered; telling it again is no news."""
    shipped, delivered = OrderShipped("1", moment(1)), OrderDelivered("1", moment(3))

    given(ORDER, PLACED).when(RecordShipment("1", moment(1))).then(shipped)
    given(ORDER, PLACED, shipped).when(RecordDelivery("1", moment(3))).then(delivered)
    given(ORDER, PLACED, shipped, delivered).when(RecordShipment("1", moment(2))).then_nothing()
    given(ORDER, PLACED, shipped, delivered).when(RecordDelivery("1", moment(4))).then_nothing()


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([PlaceOrder("1", "GBP", (CUPS,), placed_at=moment()), RecordShipment("1", moment(-1))], "shipped"),
        ([PlaceOrder("1", "GBP", (CUPS,), placed_at=moment()), RecordDelivery("1", moment(-1))], "delivered"),
        ([RecordShipment("1", moment()), RecordDelivery("1", moment(-1))], "delivered"),
        ([RecordDelivery("1", moment(-1)), RecordShipment("1", moment())], "delivered"),
        ([RecordShipment("1", moment(-1)), PlaceOrder("1", "GBP", (CUPS,), placed_at=moment())], "shipped"),
    ],
)
def test_s9_no_step_is_on_a_day_before_the_step_before_it(commands, words):
    """S-9: delivered is not before shipped and shipped not before placed, in whatever order they are told."""
    given(ORDER).when(*commands).then_raises(Conflict, words)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (PlaceOrder("1", "GBP", (CUPS,), placed_at=moment(1), at=moment()), "/placed_at"),
        (RecordShipment("1", moment(1), at=moment()), "/shipped_at"),
        (RecordDelivery("1", moment(1), at=moment()), "/delivered_at"),
    ],
)
def test_nothing_has_happened_tomorrow(command, field):
    """E8: what is said to have happened lies in the past, but for the difference of clocks."""
    given(ORDER).when(command).then_raises(Invalid, f"{field}: lies in the future")


def test_s9_a_shipment_told_by_its_day_alone_is_in_time():
    """S-9 compares days: shipped at midnight of the day it was placed is in time."""
    place = PlaceOrder("1", "GBP", (CUPS,), placed_at=moment())

    given(ORDER).when(place, RecordShipment("1", moment(hours=-10))).then(
        OrderShipped("1", moment(hours=-10))
    )


def test_payments_may_come_before_the_order():
    """Money that came in is a fact whatever is known of the order."""
    given(ORDER).when(RecordPayment("1", gbp(3530), "card")).then(
        OrderPaymentRecorded("1", gbp(3530), "card")
    )
    given(ORDER, PLACED).when(RecordPayment("1", Money(5, "EUR"))).then_raises(Conflict, "is in GBP")
    given(ORDER, PLACED).when(RecordPayment("1", gbp(0))).then_raises(Invalid, "/amount/amount")


def test_s9_refunds_never_exceed_payments():
    """S-9: of 20.00 paid and 5.00 refunded, 15.00 can be refunded and 15.01 can not."""
    past = PLACED, OrderPaymentRecorded("1", gbp(2000)), RefundIssued("1", gbp(500))

    given(ORDER, *past).when(IssueRefund("1", gbp(1500))).then(RefundIssued("1", gbp(1500)))
    given(ORDER, *past).when(IssueRefund("1", gbp(1501))).then_raises(Conflict, "only 1500 GBP")


def test_a_delivery_day_is_promised_and_promised_anew():
    """A promise holds until another is made; none for what is unknown, off or there."""
    first, second = (PromiseDelivery("1", date(2026, 5, day)) for day in (8, 9))
    promised = DeliveryPromised("1", date(2026, 5, 8))

    given(ORDER, PLACED).when(first).then(promised)
    given(ORDER, PLACED, promised).when(first).then_nothing()
    given(ORDER, PLACED, promised).when(second).then(DeliveryPromised("1", date(2026, 5, 9)))
    given(ORDER).when(first).then_raises(NotFound, "not known")
    given(ORDER, PLACED, OrderDelivered("1")).when(first).then_raises(Conflict, "delivered")
