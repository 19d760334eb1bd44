"""Erased is erased: after one request no text about a person is left that anybody could read."""

import time
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pika
import pytest
from pymongo import MongoClient

from deploy.local.servers import Servers
from shared.channel.message import message
from shared.events.clock import now
from shared.privacy import MongoKeyStore, Vault
from shared.privacy.sealing import is_sealed
from tests.chaos.draining import left
from tests.chaos.evidence import Evidence
from tests.chaos.telling import tell
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = pytest.mark.integration
WITHIN_SECONDS = 60
ZOE = {"email": "zephyrine@quill.example", "phone": "+442079460123", "loyalty_id": "LQ-778812",
       "visitor_id": "vq-55021", "name": "Zephyrine Quillfeather", "birth_date": "1971-02-03"}  # fmt: skip
BOB = {"email": "bob@other.example", "name": "Robert Otherman"}
EVER = {"from": "2000-01-01", "to": "2100-01-01"}
SUMS = ("net_revenue", "orders", "customers", "tickets")
WORDS = ("the pelican teapot", "my cousin Ottoline", "wants the blue kettle", "a broken porcelain owl")
SECRETS = (*ZOE.values(), *WORDS)
LINES = [{"sku": "kettle", "quantity": 2, "unit_price": "12.50"}]


def zoe(*kinds: str) -> dict[str, str]:
    """These identifiers of hers."""
    return {kind: ZOE[kind] for kind in kinds}


def reports() -> list[tuple[str, str, dict[str, Any]]]:
    """Id, type and data of what the channels report at the front door."""
    order = {"order_no": "Q-1", "currency": "GBP", "country": "Norway", "lines": LINES}
    return [
        ("1", "web.page_viewed", {"page": "/owls", "customer": zoe("visitor_id")}),
        ("2", "web.visitor_identified", {"method": "login", "customer": zoe("visitor_id", "email", "name")}),
        ("3", "store.order_placed", order | {"customer": zoe("loyalty_id", "email")}),
        ("4", "call_center.call_ended",
         {"direction": "in", "duration_s": 9, "customer": zoe("phone", "email", "birth_date")}),
        ("5", "web.ticket_opened",
         {"ticket_no": "QT-1", "subject": WORDS[0], "message": WORDS[1], "customer": zoe("email")}),
        ("6", "email.ticket_message_received", {"ticket_no": "QT-1", "message": WORDS[3]}),
        ("7", "email.message_received", {"direction": "in", "subject": WORDS[2], "customer": zoe("email")}),
        ("8", "crm.opportunity_reported",
         {"opportunity_no": "QD-1", "owner": "ann", "stage": "Won", "customer": zoe("email", "name")}),
        ("1", "web.page_viewed", {"page": "/other", "customer": zoe("visitor_id", "name")}),
        ("9", "web.order_placed", order | {"order_no": "B-1", "customer": BOB}),
    ]  # fmt: skip


def hand_in(stack: RunningStack, *events: tuple[str, str, dict[str, Any]]) -> None:
    """Report at the front door."""
    body = [{"id": i, "source": "shop", "type": f"channel.{t}.v1", "time": "2026-05-01T10:00:00Z", "data": d}
            for i, t, d in events]  # fmt: skip
    assert stack.post("contacts", "/v1/events", json=body).status_code == 202


def publish_wrong(stack: RunningStack) -> None:
    """Report past the doors what no contract accepts, with her name on it."""
    data = {"pages": 7, "customer": zoe("email", "phone", "name")}
    made = message("shop", "channel.web.page_viewed.v1", data, now(), "wrong", 4)
    with pika.BlockingConnection(pika.URLParameters(stack.amqp_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        properties = pika.BasicProperties(content_type="application/json", headers=made.headers)
        channel.basic_publish("rapport.channels", made.key, made.body, properties, mandatory=True)


def answers(stack: RunningStack) -> Iterator[tuple[str, str]]:
    """Every answer about her that an API gives to somebody who may see everything."""
    places = [
        ("analytics", f"/v1/customers/by/{kind}/{ZOE[kind]}") for kind in ("email", "phone", "loyalty_id")
    ]
    places += [("analytics", f"/v1/customers?q={text}") for text in (*ZOE.values(), "Zephyrine")]
    places += [("analytics", "/v1/customers"), ("support", "/v1/tickets/QT-1"),
               ("support", "/v1/tickets/QT-1/events"), ("sales", "/v1/orders/Q-1/events")]  # fmt: skip
    places += [(service, "/v1/log?limit=2000") for service in ("contacts", "sales", "campaigns", "support")]
    for service in ("contacts", "sales", "campaigns", "support"):
        for item in stack.get(service, "/v1/quarantine").json()["items"]:
            places.append((service, f"/v1/quarantine/{item['id']}"))
    for contact in contacts(stack):
        places += [("contacts", f"/v1/contacts/{contact}"), ("contacts", f"/v1/contacts/{contact}/events"),
                   ("analytics", f"/v1/customers/{contact}"),
                   ("analytics", f"/v1/customers/{contact}/timeline")]  # fmt: skip
    for service, path in places:
        answer = stack.get(service, path)
        yield f"{service} {path}", answer.text if answer.ok else str(answer.json().get("detail"))


def contacts(stack: RunningStack) -> list[str]:
    """Every contact there ever was."""
    events = Evidence(stack).log("contacts")
    return sorted({e["data"]["contact_id"] for e in events if e["type"] == "ContactRegistered"})


def readable(stack: RunningStack) -> list[str]:
    """Return where an API still tells one of her secrets; what she searched with is no answer."""
    return [f"{place}: {secret}" for place, text in answers(stack) for secret in SECRETS if secret in text]


def opened(stack: RunningStack) -> Iterator[str]:
    """Open every sealed value of every collection with the keys there are."""
    found = Evidence(stack)
    keys = found.client[f"{stack.prefix}_keys"]["keys"]
    vault = Vault(MongoKeyStore(keys, bytes.fromhex(stack.master_key)))
    for where, document in documents(stack):
        stream = document.get("stream") or f"quarantine-{document.get('_id')}"
        for name, value in {**document, **document.get("data", {})}.items():
            if is_sealed(value) and ("quarantine" in where or "data" in document):
                text = vault.open(value, stream, name) or ""
                yield b64decode(text).decode(errors="replace") if name == "body" else text


def documents(stack: RunningStack) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every document of every database of this stack."""
    with MongoClient[dict[str, Any]](stack.mongodb_url) as client:
        for name in (n for n in client.list_database_names() if n.startswith(stack.prefix)):
            for collection in client[name].list_collection_names():
                for document in client[name][collection].find({}):
                    yield f"{name}.{collection}", document


def written(stack: RunningStack) -> list[str]:
    """Return where a secret stands in the clear: in a document or in a log of a process."""
    held = [(where, repr(document)) for where, document in documents(stack)]
    held += [(f"{name}.log", stack.log(name).read_text(errors="replace")) for name in stack.names]
    return [f"{where}: {secret}" for where, text in held for secret in SECRETS if secret in text]


def totals(stack: RunningStack) -> Any:
    """The sums over all customers, and how many they are made of."""
    answers = (stack.get("analytics", f"/v1/metrics/{name}", params=EVER).json() for name in SUMS)
    return [(answer["metric"], answer["value"], answer["n"]) for answer in answers]


def settled(stack: RunningStack, servers: Servers) -> bool:
    """Whether nothing is under way."""
    still = left(stack, servers.broker)
    assert not still, still
    return True


def dark(stack: RunningStack) -> bool:
    """Whether no API tells anything of her; else fail with where."""
    still = readable(stack)
    assert not still, still
    return True


def eraser(stack: RunningStack) -> str:
    """The key of somebody who may erase and nothing else."""
    answer = stack.post("contacts", "/v1/keys", json={"name": "officer", "scopes": ["pii:erase"]})
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["key"])


@pytest.mark.timeout(180)
def test_an_erased_person_is_gone_from_everywhere(running_stack: RunningStack, servers: Servers) -> None:
    """Log, journal, quarantine, queues, views, answers: nothing of the person is told within a minute."""
    stack = running_stack
    hand_in(stack, *reports())
    publish_wrong(stack)
    eventually(lambda: settled(stack, servers), 60, pause=0.5)
    eventually(lambda: len(list(answers(stack))) > 20 and readable(stack), 20)
    before, secrets = totals(stack), [s for s in SECRETS if any(s in text for text in opened(stack))]
    assert set(secrets) == set(SECRETS), "every secret was kept, sealed"
    assert 0 not in {value for _, value, _ in before}, before
    assert written(stack) == [], "no secret was ever in the clear"
    contact = stack.get("contacts", f"/v1/contacts/by/email/{ZOE['email']}").json()["contact_id"]

    began = time.monotonic()
    done = stack.post("contacts", f"/v1/contacts/{contact}/erase", key=eraser(stack),
                      json={"request_id": "request-7"})  # fmt: skip
    assert done.status_code == 200, done.text
    eventually(lambda: dark(stack), WITHIN_SECONDS, pause=0.2)
    eventually(lambda: settled(stack, servers), WITHIN_SECONDS, pause=0.2)
    seconds = time.monotonic() - began
    tell(f"dark in every API, and all queues empty, {seconds:.1f} s after the request")
    assert seconds < WITHIN_SECONDS
    assert gone(stack) == []
    assert totals(stack) == before

    found = Evidence(stack)
    live = found.digests()
    assert found.rebuilt() == live
    hand_in(stack, ("late", "web.page_viewed", {"page": "/", "customer": zoe("email", "name")}))
    eventually(lambda: found.ledger()["contacts"]["shop"]["suppressed"] == 1, 20)
    eventually(lambda: settled(stack, servers), 30, pause=0.2)
    assert gone(stack) == []
    assert totals(stack) == before
    bob = stack.get("analytics", f"/v1/customers/by/email/{BOB['email']}").json()["customer"]
    assert bob["profile"]["name"]["value"] == BOB["name"]


def gone(stack: RunningStack) -> list[str]:
    """Return every trace of her: told, openable, or in the clear."""
    openable = [f"opens: {secret}" for text in opened(stack) for secret in SECRETS if secret in text]
    return readable(stack) + openable + written(stack)
