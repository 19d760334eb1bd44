"""Sales from lead to delivery over HTTP, and the round trip with an ERP over the broker."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


def both(stack: RunningStack, *calls: tuple[str, dict, dict]) -> list[int]:
    """Give several commands at the same moment; return the statuses in order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        asked = [pool.submit(stack.post, "sales", f"/v1/{p}", json=b, headers=h) for p, b, h in calls]
    return sorted(answer.result().status_code for answer in asked)


def test_of_two_who_act_at_once_one_is_told_to_look_again(running_stack: RunningStack, ask) -> None:
    """Editing the version both have seen: 412 for the second; accepting and withdrawing a quote: 409."""
    seen = {"If-Match": f'"{ask("opportunities/C1/open", owner="eva")["version"]}"'}
    amounts = ({"amount": {"amount": cents, "currency": "EUR"}} for cents in (100, 200))
    assert both(running_stack, *(("opportunities/C1/change-amount", a, seen) for a in amounts)) == [200, 412]

    ask("quotes/C1/draft", opportunity_id="C1", currency="EUR", lines=[CUPS])
    ask("quotes/C1/send", valid_until="2126-01-01")
    accepting = ("quotes/C1/accept", {"revision": 1, "accepted_by": "Ada"}, {})
    rejecting = ("quotes/C1/reject", {"reason_code": "price"}, {})
    assert both(running_stack, accepting, rejecting) == [200, 409]


def test_row_124_a_lead_takes_a_field_once_its_plan_is_published(ask, running_stack: RunningStack) -> None:
    """Declared, published, set; others are refused by name; the state shows what is not personal."""
    ask("leads/F1/capture", source="fair", interest="cups")
    ask("leads/F1/set-field", 422, field="employees", to="120")
    declared = {"field": "employees", "type": "number", "purpose": "sizing", "retention_days": 365}
    ask("plans/lead/declare-field", **declared, personal=False)
    ask("leads/F1/set-field", 422, field="employees", to="120")
    ask("plans/lead/publish")
    ask("leads/F1/set-field", 422, field="employees", to="many")
    ask("leads/F1/set-field", field="employees", to="120")
    known = state(running_stack, "leads/F1")
    assert (known["custom"]["values"], known["captured"]["interest"]) == ({"employees": "120"}, "***")


def test_s8_deals_of_a_retired_stage_move_on_and_s11_a_code_without_a_customer_is_settled(
    running_stack: RunningStack, ask
) -> None:
    """Sales follows itself: both happen a moment later, without a further command."""
    ask("pipelines/s8/define", name="Companies")
    for order, stage in enumerate(("pitch", "tender")):
        ask("pipelines/s8/add-stage", stage=stage, order=order, probability=30)
    ask("opportunities/S8/open", owner="eva", pipeline_id="s8", stage="pitch")
    ask("pipelines/s8/retire-stage", stage="pitch", move_to="tender")
    eventually(lambda: state(running_stack, "opportunities/S8")["stage"] == "tender", timeout=30)
    ask("orders/S11/place", currency="GBP", lines=[CUPS | {"sku": "mug"}], offer_code="SPRING")
    eventually(lambda: state(running_stack, "orders/S11")["offer"] == "refused", timeout=30)
    [order] = running_stack.get("sales", "/v1/orders?status=placed").json()["items"][-1:]
    assert order["offer"] == "refused"
