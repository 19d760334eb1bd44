"""Sales from lead to delivery over HTTP, and the round trip with an ERP over the broker."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pika
import pytest

from shared.channel import Channel
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = pytest.mark.integration

CUPS = {"sku": "cup", "quantity": 2, "unit_price": "2.50"}


class Erp:
    """A stand-in: hears of placed orders and answers with stock, shipment and delivery."""

    def __init__(self, stack: RunningStack, spool: Path) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(stack.amqp_url))
        self._broker = self._connection.channel()
        queue = self._broker.queue_declare("", exclusive=True).method.queue
        self._broker.queue_bind(queue, "rapport.events", "rapport.sales.OrderPlaced.v1.*")
        self._broker.basic_consume(queue, self._placed, auto_ack=True)
        self.channel = Channel(stack.amqp_url, "erp-1", spool=spool)
        self._thread = threading.Thread(target=self._broker.start_consuming)
        self._thread.start()

    def _placed(
        self, _channel: object, _method: object, properties: pika.BasicProperties, _body: bytes
    ) -> None:
        order = {"order_no": properties.headers["ce-stream"].removeprefix("order-")}
        self.channel.emit("erp.stock_level_reported", data={"sku": "cup", "available": 40})
        self.channel.emit("erp.order_shipped", data=order)
        self.channel.emit("erp.order_delivered", data=order)

    def close(self) -> None:
        """Hang up."""
        self._connection.add_callback_threadsafe(self._broker.stop_consuming)
        self._thread.join(10)
        self._connection.close()
        self.channel.close()


@pytest.fixture
def erp(running_stack: RunningStack, tmp_path: Path) -> Iterator[Erp]:
    """An ERP on the line."""
    stand_in = Erp(running_stack, tmp_path)
    yield stand_in
    stand_in.close()


@pytest.fixture
def ask(running_stack: RunningStack):
    """Give a command and return the answer."""

    def ask(path: str, status: int = 200, **body: object) -> dict:
        answer = running_stack.post("sales", f"/v1/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    return ask


def state(stack: RunningStack, path: str) -> dict:
    """Return the state of an aggregate."""
    answer = stack.get("sales", f"/v1/{path}")
    return answer.json()["state"] if answer.ok else {}


def arrived(stack: RunningStack, order: str) -> bool:
    """Whether the order shipped and was delivered: the reports may come in any order."""
    known = state(stack, f"orders/{order}")
    return bool(known.get("shipped") and known.get("delivered"))


def test_an_erp_answers_an_order_with_stock_shipment_and_delivery(
    running_stack: RunningStack, erp: Erp, ask
) -> None:
    """A web order shows what the ERP answers, and the next order is confirmed by its stock report."""
    erp.channel.emit("web.order_placed", data={"order_no": "W1", "currency": "GBP", "lines": [CUPS]})
    eventually(lambda: arrived(running_stack, "W1"), timeout=30)
    assert state(running_stack, "orders/W1")["placed"]["stock_check"]["decision"] == "stock_unconfirmed"

    eventually(lambda: state(running_stack, "stock-items/cup").get("report"), timeout=30)
    ask("orders/H1/place", currency="GBP", lines=[CUPS])
    check = state(running_stack, "orders/H1")["placed"]["stock_check"]
    assert (check["decision"], check["found"][0]["sku"]) == ("confirmed", "cup")
    assert check["found"][0]["report_id"].startswith("erp-1:")

    ask("stock-items/cup/set-policy", when_lacking="refuse")
    ask("orders/H2/place", 409, currency="GBP", lines=[CUPS | {"quantity": 41}])


def test_a_lead_becomes_a_deal_won_by_its_quote(running_stack: RunningStack, ask) -> None:
    """From capture to won, with a pipeline of the company's own, over HTTP alone; lists follow."""
    ask("pipelines/b2b/define", name="Companies")
    ask("pipelines/b2b/add-stage", stage="pitch", order=1, probability=30)
    ask("leads/L1/capture", source="fair", interest="cups", customer="c-000000000000000000000001")
    ask("leads/L1/assign", owner="eva")
    ask("leads/L1/qualify", criteria=["need"])
    first = ask("leads/L1/convert", pipeline_id="b2b", stage="pitch")
    again = ask("leads/L1/convert", opportunity_id="another")
    assert (first["opportunity_id"], again["opportunity_id"], again["events"]) == ("L1", "L1", [])

    ask("opportunities/L1/move", 422, stage="Engaging")
    lines = [CUPS | {"discount": "20"}]
    ask("quotes/Q1/draft", opportunity_id="L1", currency="GBP", lines=lines)
    ask("quotes/Q1/send", 409, valid_until="2126-01-01")
    ask("quotes/Q1/approve", approved_by="boss", limit="20")
    ask("quotes/Q1/send", valid_until="2126-01-01", issuer_zone="Europe/London")
    ask("opportunities/L1/win", 409, quote_id="Q1")
    ask("quotes/Q1/accept", revision=1, accepted_by="Ada Lovelace")
    ask("opportunities/L1/win", quote_id="Q1")

    [won] = running_stack.get("sales", "/v1/opportunities?owner=eva&status=won").json()["items"]
    assert (won["id"], won["amount"]) == ("L1", {"amount": 400, "currency": "GBP"})
    [quote] = running_stack.get("sales", "/v1/quotes?status=accepted").json()["items"]
    assert quote["id"] == "Q1"
    events = running_stack.get("sales", "/v1/quotes/Q1/events").json()["events"]
    assert "sealed" not in str(events)


def test_a_loss_needs_a_term_of_the_vocabulary(ask) -> None:
    """As soon as there is a list of reasons, others are refused."""
    ask("opportunities/D1/open", owner="eva")
    ask("vocabularies/loss-reasons/define", label="Why we lose")
    ask("vocabularies/loss-reasons/add-term", code="price", label="Too dear")
    ask("opportunities/D1/lose", 422, reason_code="weather")
    ask("opportunities/D1/lose", reason_code="price")
