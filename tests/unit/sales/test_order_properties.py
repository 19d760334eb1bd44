"""Laws of orders, for any lines, prices and sequences of commands."""

from fractions import Fraction

from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.sales.domain.order import (
    ORDER,
    CancelOrder,
    IssueRefund,
    Line,
    OrderCancelled,
    PlaceOrder,
    RecordDelivery,
    RecordPayment,
    RecordReturn,
    RecordShipment,
)
from services.sales.domain.order.state import pieces
from shared.testing.given import Given
from shared.values import Money

prices = any_.integers(1, 99_999).map(lambda n: f"{n // 1000}.{n % 1000:03d}")
lines = any_.builds(Line, any_.sampled_from("abc"), any_.integers(1, 5), prices)
baskets = any_.lists(lines, min_size=1, max_size=4).map(tuple)
money = any_.integers(1, 5_000).map(lambda n: Money(n, "GBP"))
commands = any_.one_of(
    any_.builds(PlaceOrder, any_.just("1"), any_.just("GBP"), baskets),
    any_.builds(RecordReturn, any_.just("1"), any_.sampled_from(["R1", "R2"]), any_.just("GBP"), baskets),
    any_.builds(RecordPayment, any_.just("1"), money),
    any_.builds(IssueRefund, any_.just("1"), money),
    any_.sampled_from([CancelOrder("1"), RecordShipment("1"), RecordDelivery("1")]),
)


def _after(story):
    state = ORDER.initial
    for command in story:
        state = Given(ORDER).do(state, command).after()
    return state


@for_all(baskets)
def test_the_total_is_the_sum_of_the_lines(basket):
    """S-5: the total is the sum of the amounts, and no line is further than half a penny from its price."""
    placed = ORDER.decide(ORDER.initial, PlaceOrder("1", "GBP", basket))[0]

    assert placed.total.amount == sum(line.amount for line in placed.lines)
    for line in placed.lines:
        assert abs(line.amount - Fraction(line.unit_price) * line.quantity * 100) <= Fraction(1, 2)


@for_all(baskets, any_.lists(baskets, max_size=8))
def test_returns_never_exceed_what_was_bought(basket, returns):
    """However returns are tried, neither pieces nor value exceed the order."""
    place = PlaceOrder("1", "GBP", basket)
    state = _after([place, *(RecordReturn("1", f"R{i}", "GBP", lot) for i, lot in enumerate(returns))])

    assert state.returned <= state.placed.total.amount
    assert pieces(*(line for r in state.returns for line in r.lines)) <= pieces(*state.placed.lines)


@for_all(any_.lists(commands, max_size=12))
def test_s9_holds_after_any_story(story):
    """S-9: refunds never exceed payments, and what is cancelled has not shipped."""
    state = _after(story)

    assert state.balance("GBP") >= 0
    assert not (state.cancelled and state.gone)


@for_all(any_.lists(commands, max_size=8))
def test_a_satisfied_command_brings_no_events(story):
    """The same order, return, cancellation, shipment or delivery told twice is told once."""
    state = _after(story)
    for command in story:
        done = Given(ORDER).do(state, command)
        if done.refused is None and not isinstance(command, RecordPayment | IssueRefund):
            assert ORDER.decide(done.after(), command) == []


FACTS = (
    PlaceOrder("1", "GBP", (Line("cup", 6, "2.55"), Line("plate", 2, "10"))),
    RecordReturn("1", "R1", "GBP", (Line("cup", 2, "2.55"),)),
    RecordPayment("1", Money(3530, "GBP")),
    RecordShipment("1"),
    RecordDelivery("1"),
)


@for_all(any_.permutations(FACTS))
def test_facts_of_an_order_may_come_in_any_order(facts):
    """Systems do not wait for each other: what was bought, returned, paid and shipped is the same."""
    state = _after(facts)

    assert (state.placed.total.amount, state.returned, state.balance("GBP")) == (3530, 510, 3530)
    assert (state.shipped, state.delivered) == (True, True)


@for_all(any_.permutations([FACTS[0], FACTS[2], CancelOrder("1", "fraud")]))
def test_a_cancellation_may_come_in_any_order(facts):
    """The whole value is taken back once, even when the cancellation is heard first."""
    state, events = ORDER.initial, []
    for command in facts:
        done = Given(ORDER).do(state, command)
        events += done.events
        state = done.after()

    taken = [e.value.amount for e in events if isinstance(e, OrderCancelled)]
    assert taken == [3530]
    assert state.off
