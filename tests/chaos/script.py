"""A seeded script of what channels report, each event with what has to come of it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.chaos.reported import SOURCES, Person, Reported

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
WAYS = {"door": 6, "sdk": 3, "raw": 1}  # and how many events in ten


class Script:
    """Everything that is reported, in order, and the persons it is about. Equal seeds, equal scripts."""

    def __init__(self, seed: int, people: int, rounds: int, ways: tuple[str, ...] = tuple(WAYS)) -> None:
        self.chance, self.ways = random.Random(seed), ways
        self.people = [Person(n) for n in range(people)]
        self.reported: list[Reported] = []
        self._number = 0
        lives = [self._life(person, rounds) for person in self.people]
        while lives:  # the lives interleave, each in its own order
            life = self.chance.choice(lives)
            event = next(life, None)
            if event is None:
                lives.remove(life)
            else:
                self.reported.append(event)

    def _life(self, person: Person, rounds: int) -> Iterator[Reported]:
        yield self._page(person, "visitor_id")
        said = self._said("InteractionRecorded")
        known = ("email", "visitor_id")
        yield self._event("web.visitor_identified", person, known, {"method": "login"}, said)
        yield self._event(
            "store.visit_recorded",
            person,
            ("loyalty_id", "email"),
            {"store": "york"},
            self._said("InteractionRecorded"),
        )
        person.count("contacts", 2)
        yield from self._shopping(person, ("customer_no", "loyalty_id"))
        for _ in range(rounds):
            scene = self.chance.choice(
                (self._browsing, self._shopping, self._calling, self._asking, self._dealing, self._erring)
            )
            yield from scene(person)

    def _browsing(self, person: Person) -> Iterator[Reported]:
        for _ in range(3):
            yield self._page(person, self._kind())
        yield self._event(
            "call_center.call_ended",
            person,
            (self._kind(),),
            {"direction": "in", "duration_s": 30},
            self._said("InteractionRecorded"),
        )
        person.count("contacts")

    def _shopping(self, person: Person, by: tuple[str, ...] = ()) -> Iterator[Reported]:
        number, pence, quantity = self._fresh("O"), self.chance.randrange(1, 90_00), self.chance.randint(2, 9)
        known = by or (self._kind(),)
        order = {"order_no": number, "currency": "GBP", "country": "Norway"}
        line = {"sku": "kettle", "unit_price": f"{pence // 100}.{pence % 100:02d}"}
        stream = f"order-{number}"
        system = self.chance.choice(("web", "store", "erp"))
        person.gross += pence * quantity
        person.count("orders")
        yield self._event(
            f"{system}.order_placed",
            person,
            known,
            order | {"lines": [line | {"quantity": quantity}]},
            (("OrderPlaced", stream),),
        )
        match self.chance.randrange(3):
            case 0:
                back = order | {"return_no": f"R{number}", "lines": [line | {"quantity": 1}]}
                yield self._event(
                    "erp.goods_returned", person, known, back, (("OrderReturned", stream),), "door"
                )
                person.returned += pence
                person.count("returns")
            case 1:
                yield self._event(
                    "erp.order_cancelled", None, (), {"order_no": number}, (("OrderCancelled", stream),)
                )
                person.cancelled += pence * quantity
            case _:
                paid = {"order_no": number, "amount": {"amount": pence, "currency": "GBP"}}
                yield self._event("erp.payment_received", None, (), paid, (("OrderPaymentRecorded", stream),))

    def _calling(self, person: Person) -> Iterator[Reported]:
        made = {"campaign_id": "spring", "medium": "cellular", "attempts": 2, "responded": True}
        yield self._event(
            "call_center.campaign_call_made",
            person,
            (self._kind(),),
            made,
            self._said("ContactAttempted") + self._said("CampaignResponseRecorded"),
        )
        yield self._event(
            "email.campaign_response_received",
            person,
            (self._kind(),),
            {"campaign_id": "spring", "kind": "click"},
            self._said("CampaignResponseRecorded"),
        )
        person.count("touches")
        person.count("responses", 2)

    def _asking(self, person: Person) -> Iterator[Reported]:
        number, known = self._fresh("T"), (self._kind(),)
        asked = {"ticket_no": number, "subject": "a question", "message": "please help"}
        opened = (("TicketOpened", f"ticket-{number}"),)
        yield self._event("web.ticket_opened", person, known, asked | {"category": "delivery"}, opened)
        yield self._event(
            "email.ticket_message_received",
            person,
            known,
            {"ticket_no": number, "message": "more words"},
            (("CustomerMessageReceived", f"ticket-{number}"),),
        )
        person.count("tickets")

    def _dealing(self, person: Person) -> Iterator[Reported]:
        number = self._fresh("D")
        deal = {"opportunity_no": number, "owner": "ann", "stage": "Won"}
        if self.chance.random() < 0.2:
            yield self._event(
                "crm.opportunity_reported", person, (self._kind(),), deal, (), "", "quarantined"
            )
            return
        deal["amount"] = {"amount": self.chance.randrange(1, 9_000), "currency": "GBP"}  # type: ignore[assignment]
        facts = tuple((kind, f"opportunity-{number}") for kind in ("OpportunityOpened", "OpportunityWon"))
        yield self._event("crm.opportunity_reported", person, (self._kind(),), deal, facts)
        person.count("won")

    def _erring(self, person: Person) -> Iterator[Reported]:
        """What goes wrong: repeats, other content under a known id, and events no contract accepts."""
        first = self._page(person, self._kind())
        yield first
        yield first
        yield replace(first, data={**first.data, "page": "/other"}, outcome="contradicts", facts=())
        order = next(self._shopping(person))
        yield order
        yield replace(order, data={**order.data, "offer_code": "other"}, outcome="contradicts", facts=())
        wrong = (
            ("web.page_viewed", {"pages": 1}),
            ("web.order_placed", {"order_no": ""}),
            ("web.nonsense_said", {}),
        )
        type_, data = self.chance.choice(wrong)
        if "raw" in self.ways:
            yield self._event(type_, person, (self._kind(),), data, (), "raw", "refused")
        if "door" in self.ways:
            yield self._event(type_, person, (self._kind(),), data, (), "door", "rejected")

    def _page(self, person: Person, kind: str) -> Reported:
        person.count("contacts")
        said = self._said("InteractionRecorded")
        return self._event("web.page_viewed", person, (kind,), {"page": f"/{self._number}"}, said)

    def _event(
        self,
        type_: str,
        person: Person | None,
        kinds: tuple[str, ...],
        data: dict[str, Any],
        facts: tuple[tuple[str, str], ...],
        way: str = "",
        outcome: str = "applied",
    ) -> Reported:
        weights = [WAYS[each] for each in self.ways]
        chosen = way if way in self.ways else self.chance.choices(self.ways, weights)[0]
        number = self._fresh("e")
        told = data | ({"customer": person.known_by(*kinds)} if person else {})
        about = tuple((kind, at or f"{SOURCES[chosen]}|{number}") for kind, at in facts)
        time = BEGIN + timedelta(minutes=self.chance.randrange(80_000))
        return Reported(chosen, number, f"channel.{type_}.v1", told, time, outcome, about)

    def _said(self, kind: str) -> tuple[tuple[str, str], ...]:
        return ((kind, ""),)

    def _kind(self) -> str:
        return self.chance.choice(("visitor_id", "email", "loyalty_id", "customer_no"))

    def _fresh(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number:05d}"
