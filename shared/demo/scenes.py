"""What customers do, scene by scene; times are seconds after the scene begins."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from shared.demo.person import Person
from shared.demo.words import AGENTS, CAMPAIGNS, PAGES, PRODUCTS, REPS, STORES, TROUBLES

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens `after` seconds; `type` without prefix and version."""

    after: float
    type: str
    customer: dict[str, str]
    data: dict[str, Any] = field(default_factory=dict)


Scene = Callable[[Person, Random, str], Iterator[Step]]


def browse(who: Person, chance: Random, _: str) -> Iterator[Step]:
    """A few pages, not logged in."""
    for number in range(chance.randint(1, 5)):
        page = {"page": chance.choice(PAGES), "duration_s": chance.randint(3, 240)}
        yield Step(number * 40, "web.page_viewed", who.visitor, page)


def register(who: Person, chance: Random, no: str) -> Iterator[Step]:
    """The anonymous visitor becomes known."""
    yield from browse(who, chance, no)
    yield Step(5 * MINUTE, "web.visitor_identified", who.registration, {"method": "registration"})


def order(who: Person, chance: Random, no: str) -> Iterator[Step]:
    """An order by web or app: paid, shipped, delivered, at times cancelled, returned or complained about."""
    system = "mobile_app" if chance.random() < 0.3 else "web"
    number, lines = f"D-{no}", _lines(chance)
    if system == "mobile_app":
        yield Step(0, "mobile_app.screen_viewed", who.shopper, {"screen": "basket", "duration_s": 30})
    basket = {"order_no": number, "currency": "GBP", "lines": lines, "country": who.country}
    yield Step(3 * MINUTE, f"{system}.order_placed", who.shopper, basket)
    if chance.random() < 0.04:
        yield Step(2 * HOUR, "erp.order_cancelled", {}, {"order_no": number, "reason": "customer"})
        return
    paid = {"order_no": number, "amount": {"amount": _total(lines), "currency": "GBP"}, "method": "card"}
    yield Step(4 * MINUTE, "erp.payment_received", {}, paid)
    yield Step(DAY, "erp.order_shipped", {}, {"order_no": number})
    yield Step(2.5 * DAY, "erp.order_delivered", {}, {"order_no": number})
    yield from _aftermath(who, chance, number, lines)


def _aftermath(who: Person, chance: Random, number: str, lines: list[dict[str, Any]]) -> Iterator[Step]:
    if chance.random() < 0.08:
        back = {"return_no": f"R-{number}", "order_no": number, "currency": "GBP", "lines": lines[:1]}
        yield Step(9 * DAY, "erp.goods_returned", who.shopper, back | {"reason": "not_liked"})
    if chance.random() < 0.06:
        yield from trouble(who, chance, number, 4 * DAY)


def purchase(who: Person, chance: Random, no: str) -> Iterator[Step]:
    """A store visit with the loyalty card, most end at the till."""
    store = chance.choice(STORES)
    yield Step(0, "store.visit_recorded", who.cardholder, {"store": store})
    if chance.random() < 0.8:
        basket = {"order_no": f"S-{no}", "currency": "GBP", "lines": _lines(chance)}
        yield Step(20 * MINUTE, "store.order_placed", who.cardholder, basket)


def call(who: Person, chance: Random, _: str) -> Iterator[Step]:
    """A telephone call."""
    talk = {"direction": "in", "duration_s": chance.randint(30, 900), "handler": chance.choice(AGENTS)}
    yield Step(
        0, "call_center.call_ended", who.caller, talk | {"outcome": chance.choice(("solved", "call_back"))}
    )


def trouble(who: Person, chance: Random, no: str, after: float = 0) -> Iterator[Step]:
    """A ticket by mail, web or telephone, and sometimes a second message."""
    category, subject, message = chance.choice(TROUBLES)
    system = chance.choice(("web", "email", "call_center"))
    customer = who.caller if system == "call_center" else who.shopper
    priority = chance.choice(("low", "normal", "normal", "high"))
    ticket = {"ticket_no": f"T-{no}", "subject": subject, "message": message, "category": category}
    yield Step(after, f"{system}.ticket_opened", customer, ticket | {"priority": priority})
    if chance.random() < 0.4:
        again = {"ticket_no": f"T-{no}", "message": "Is there any news?"}
        yield Step(after + DAY, f"{system}.ticket_message_received", customer, again)


def write(who: Person, chance: Random, _: str) -> Iterator[Step]:
    """An e-mail or a chat."""
    if chance.random() < 0.5:
        yield Step(0, "email.message_received", who.shopper, {"direction": "in", "subject": "A question"})
    else:
        chat = {"duration_s": chance.randint(60, 1200), "handler": chance.choice(AGENTS)}
        yield Step(0, "chat.conversation_ended", who.shopper, chat)


def campaign(who: Person, chance: Random, _: str) -> Iterator[Step]:
    """A campaign's call or mail, and at times a response."""
    campaign_id = chance.choice(CAMPAIGNS)
    if chance.random() < 0.5:
        responded = chance.random() < 0.12
        talk = {"campaign_id": campaign_id, "medium": "cellular", "attempts": chance.randint(1, 4)}
        said = {"duration_s": chance.randint(10, 600), "responded": responded}
        yield Step(0, "call_center.campaign_call_made", who.caller, talk | said)
    else:
        click = {"campaign_id": campaign_id, "kind": "click"}
        yield Step(0, "email.campaign_response_received", who.shopper, click)


def deal(who: Person, chance: Random, no: str) -> Iterator[Step]:
    """An opportunity of a business customer on its way to won or lost."""
    amount = {"amount": chance.randint(500, 20_000) * 100, "currency": "GBP"}
    about = {
        "opportunity_no": f"O-{no}",
        "owner": chance.choice(REPS),
        "organization": f"{who.family_name} Ltd",
    }
    last = chance.choice(("Won", "Won", "Lost", "Engaging"))
    stages = ("Prospecting", "Engaging", last) if last != "Engaging" else ("Prospecting", "Engaging")
    for number, stage in enumerate(stages):
        yield Step(
            number * 9 * DAY,
            "crm.opportunity_reported",
            who.shopper,
            about | {"stage": stage, "amount": amount},
        )


SCENES: tuple[tuple[Scene, float], ...] = (
    (browse, 30), (order, 14), (purchase, 10), (call, 6), (trouble, 2), (write, 3), (campaign, 5), (deal, 2),
)  # fmt: skip


def scene_for(who: Person, chance: Random) -> Scene:
    """Choose what this person does next: stores need a card, the web an account, deals a business."""
    fits = [(scene, weight) for scene, weight in SCENES if _fits(who, scene)]
    return chance.choices([scene for scene, _ in fits], [weight for _, weight in fits])[0]


def _fits(who: Person, scene: Scene) -> bool:
    if scene is purchase:
        return who.card
    if scene is deal:
        return who.business
    return who.online or scene in {call, trouble}


def _lines(chance: Random) -> list[dict[str, Any]]:
    chosen = chance.sample(PRODUCTS, chance.choice((1, 1, 2, 2, 3)))
    return [
        {"sku": sku, "name": name, "quantity": chance.choice((1, 1, 1, 2, 4)), "unit_price": price}
        for sku, name, price in chosen
    ]


def _total(lines: list[dict[str, Any]]) -> int:
    return sum(line["quantity"] * round(float(line["unit_price"]) * 100) for line in lines)
