"""Stock: what the ERP reports, and what it means for orders."""

import pytest

from services.sales.domain.order import (
    ORDER,
    Line,
    OfferSettled,
    OrderLine,
    OrderPlaced,
    PlaceOrder,
    SettleOffer,
    StockCheck,
    StockFound,
)
from services.sales.domain.stock import (
    STOCK,
    ChangePrice,
    PriceChanged,
    ReportStock,
    SetStockPolicy,
    StockItem,
    StockLevelReported,
    StockPolicySet,
)
from shared.decide import streams_of
from shared.errors import Conflict, Invalid, NotFound
from shared.privacy import MemoryKeyStore, Vault
from shared.receive import Instruct
from shared.receive.plan import Working
from shared.store.memory import MemoryStore
from shared.store.port import unchanged
from shared.testing.controls import WHEN, heard, moment
from shared.testing.given import given
from shared.values import Money

SIX = StockLevelReported("cup", 6, WHEN, "r1")
REFUSE = StockPolicySet("cup", "refuse", 24)
LINES = (Line("cup", 2, "2.50"), Line("cup", 4, "2.50"))


def item(*past):
    """Return the article after these events."""
    return given(STOCK, *past).state()


def place(*past, at=WHEN, **fields):
    """Return an order of six cups that knows their stock."""
    return PlaceOrder("1", "GBP", LINES, at=at, stock=(item(*past),), **fields)


def placed(stock_check, **fields):
    """Return the event of that order."""
    lines = (OrderLine("cup", 2, "2.50", 500), OrderLine("cup", 4, "2.50", 1000))
    return OrderPlaced("1", "1", lines, Money(1500, "GBP"), stock_check=stock_check, **fields)


def unconfirmed(finding, report):
    """Return a check that found this."""
    return StockCheck("stock_unconfirmed", (StockFound("cup", finding, report),))


def test_a_report_is_kept_once_and_the_latest_counted_holds():
    """A late report of an earlier count is a fact of its own, and not what orders are checked against."""
    given(STOCK).when(ReportStock("cup", 6, "r1", WHEN)).then(SIX)
    given(STOCK, SIX).when(ReportStock("cup", 6, "r1", WHEN)).then_nothing()
    earlier = StockLevelReported("cup", 90, moment(-1), "r2")
    state = given(STOCK, SIX).when(ReportStock("cup", 90, "r2", moment(1), moment(-1))).then(earlier)
    assert state.report == SIX
    given(STOCK).when(ReportStock("cup", 6, "r1", WHEN, moment(1))).then_raises(Invalid, "future")


def test_a_price_change_tells_the_price_before():
    """Of the same currency, that is; the price in force is no news."""
    first = PriceChanged("cup", "2.50", "GBP", WHEN)
    given(STOCK).when(ChangePrice("cup", "2.50", "GBP", WHEN)).then(first)
    given(STOCK, first).when(ChangePrice("cup", "2.75", "GBP", WHEN, moment(1))).then(
        PriceChanged("cup", "2.75", "GBP", moment(1), "2.50")
    )
    given(STOCK, first).when(ChangePrice("cup", "2.50", "GBP", WHEN)).then_nothing()
    given(STOCK, first).when(ChangePrice("cup", "0", "GBP", WHEN)).then_raises(Invalid, "/price")


def test_s10_enough_stock_confirms_the_order():
    """S-10: the lines of one article are counted together; decision and report are in the event."""
    given(ORDER).when(place(SIX)).then(placed(StockCheck("confirmed", (StockFound("cup", "enough", "r1"),))))


@pytest.mark.parametrize(
    ("past", "at", "check", "words"),
    [
        ([], WHEN, StockCheck("stock_unconfirmed", ()), "cup: none"),
        ([SIX], moment(1.1), unconfirmed("stale", "r1"), "cup: stale"),
        ([StockLevelReported("cup", 0, WHEN, "r0")], WHEN, unconfirmed("insufficient", "r0"), "insufficient"),
    ],
)
def test_s10_lacking_stock_refuses_or_leaves_unconfirmed_by_policy(past, at, check, words):
    """S-10: none, stale and insufficient are three findings with one consequence, which the policy names."""
    given(ORDER).when(place(*past, at=at)).then(placed(check))
    given(ORDER).when(place(*past, REFUSE, at=at)).then_raises(Conflict, words)


def test_s10_a_policy_says_when_a_report_is_too_old():
    """S-10: the limit is the policy's."""
    given(STOCK).when(SetStockPolicy("cup", "refuse")).then(REFUSE)
    given(STOCK, REFUSE).when(SetStockPolicy("cup", "refuse")).then_nothing()
    two_days = StockPolicySet("cup", "refuse", 48)
    assert item(SIX, two_days).finding(6, moment(1.5)) == "enough"
    assert item(SIX, two_days).finding(6, moment(2.5)) == "stale"


def test_the_same_order_again_is_no_news_whatever_the_stock_is_now():
    """The check belongs to the acceptance, not to the order's content."""
    given(ORDER, placed(None)).when(place(SIX)).then_nothing()


def test_s10_an_order_sees_a_report_of_the_same_batch():
    """S-10: reports and orders that come together are taken in their order."""
    streams = streams_of(MemoryStore("sales"), (ORDER, STOCK), Vault(MemoryKeyStore()))
    report = Instruct("stock", "cup", ReportStock("cup", 6, "r1", WHEN))
    order = Instruct("order", "1", PlaceOrder("1", "GBP", LINES, placed_at=WHEN))
    working = Working("sales", streams, fresh=False)
    working.read([report, order])
    working.decide(heard("channel.erp.order_shipped.v1"), [report])
    append, demand = working.decide(heard("channel.erp.order_shipped.v1"), [order]).appends

    assert append.events[0].data["stock_check"]["decision"] == "confirmed"
    assert demand == unchanged("stock-cup", 1)


def test_s11_a_code_waits_for_campaigns_and_is_settled_once():
    """S-11: accepted as pending, then accepted or refused for good."""
    coded = PlaceOrder("1", "GBP", LINES, offer_code="SPRING")
    waiting = placed(None, offer_code="SPRING", offer_status="pending_validation")
    settled = OfferSettled("1", "SPRING", "refused", "cap")

    given(ORDER).when(coded).then(waiting)
    given(ORDER, waiting).when(SettleOffer("1", "refused", "cap")).then(settled)
    given(ORDER, waiting, settled).when(SettleOffer("1", "refused")).then_nothing()
    given(ORDER, waiting, settled).when(SettleOffer("1", "accepted")).then_raises(Conflict, "was refused")
    given(ORDER, placed(None)).when(SettleOffer("1", "accepted")).then_raises(NotFound, "no offer code")


def test_an_article_without_any_report_has_none():
    """The finding of an unknown article is none."""
    assert StockItem().finding(1, WHEN) == "none"
