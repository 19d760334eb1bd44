"""What the facts of messages and campaigns tell: delivery, engagement, answers, costs, sales. Pure."""

from collections.abc import Iterator

from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Row
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, Fact, day_of
from services.analytics.views.facts_campaigns import MESSAGE, RESPONSE, TOUCH
from services.analytics.views.facts_sales import ORDER

ENGAGED = {"MessageOpened": "opened", "LinkClicked": "clicked"}
DIMENSIONS = ("campaign", "channel", "variant", "step")


def sent(message: Entity, question: Question) -> Iterator[Row]:
    """Yield the message that left in the window, with all that came back of it, whenever it came."""
    left = message.first("MessageSent")
    if left is None or not _inside(left, question):
        return
    values = {"sent": 1, **{name: _once(message, *types) for name, types in CAME_BACK.items()}}
    optout = message.first("UnsubscribeRequested")
    values["unsubscribed"] = int(optout is not None and not optout.data.get("already_suppressed"))
    values |= _engagement(message)
    yield Row(day_of(left.at), dims_of(message), values, message.customer)


CAME_BACK = {
    "delivered": ("MessageDelivered",), "bounced": ("MessageBounced",), "replied": ("MessageReplied",),
    "complained": ("ComplaintReceived",),
}  # fmt: skip


def dims_of(message: Entity) -> dict[str, str]:
    """Return the dimensions of a message."""
    queued = message.first("MessageQueued")
    said = queued.data if queued else {}
    dims = {name: str(said.get(name, "")) for name in ("channel", "variant", "step")}
    return {"campaign": _campaign(message), **dims}


def _engagement(message: Entity) -> dict[str, int]:
    """Return whether a person, and whether anybody, opened it and clicked; by the latest judgement (M-5)."""
    judged: dict[str, bool] = {}
    for fact in message.facts:
        ids = fact.data.get("engagement_ids", ())
        judged |= dict.fromkeys(ids, bool(fact.data.get("automated")))
    found: dict[str, int] = {}
    for type_, name in ENGAGED.items():
        seen = [f for f in message.facts if f.type == type_]
        by_person = (not judged.get(f.data["engagement_id"], f.data["automated"]) for f in seen)
        found |= {f"{name}_any": int(bool(seen)), name: int(any(by_person))}
    return found


def queued(message: Entity, question: Question) -> Iterator[Row]:
    """Yield the message queued in the window: delivered, or suppressed and why."""
    first, held = message.first("MessageQueued"), message.first("MessageSuppressed")
    if first is None or not _inside(first, question):
        return
    dims = {**dims_of(message), "reason": held.data["reason"] if held else ""}
    values = {
        "queued": 1,
        "delivered": _once(message, "MessageDelivered"),
        "suppressed": int(held is not None),
    }
    yield Row(day_of(first.at), dims, values, message.customer)


def touched(touch: Entity, question: Question) -> Iterator[Row]:
    """Yield the attempt in the window to reach a person."""
    for fact in touch.facts:
        if _inside(fact, question):
            dims = {
                "campaign": fact.data["campaign_id"],
                "channel": fact.channel,
                "medium": fact.data["medium"],
            }
            values = {"contacted": 1, "attempts": fact.data["attempts"]}
            yield Row(day_of(fact.at), dims, values, fact.customer)


def responded(response: Entity, question: Question) -> Iterator[Row]:
    """Yield the answer in the window to a campaign."""
    for fact in response.facts:
        if _inside(fact, question):
            dims = {
                "campaign": fact.data["campaign_id"], "channel": fact.channel,
                "medium": fact.data.get("medium") or "", "kind": fact.data["kind"],
            }  # fmt: skip
            yield Row(day_of(fact.at), dims, {"responded": 1}, fact.customer)


def ordered(order: Entity, question: Question) -> Iterator[Row]:
    """Yield the order placed in the window, with the campaign it names and what stays of it."""
    placed = order.first("OrderPlaced")
    if placed is None or not _inside(placed, question):
        return
    gross = placed.data["money"]
    back = sum(
        f.data["money"]["amount"] for f in order.facts if f.type in ("OrderReturned", "OrderCancelled")
    )
    dims = {
        "campaign": placed.data.get("campaign_id") or "", "channel": placed.channel,
        "currency": gross["currency"],
    }  # fmt: skip
    values = {"orders": 1, "net": gross["amount"] - back, "at_s": int(placed.at.timestamp())}
    yield Row(day_of(placed.at), dims, values, placed.customer)


def _campaign(message: Entity) -> str:
    return next((str(f.data["campaign_id"]) for f in message.facts if "campaign_id" in f.data), "")


def _once(message: Entity, *types: str) -> int:
    return int(message.first(*types) is not None)


def _inside(fact: Fact, question: Question) -> bool:
    return question.window.since <= fact.at < question.window.to


SENT = Entities(MESSAGE, ("MessageSent",), sent, DIMENSIONS)
QUEUED = Entities(MESSAGE, ("MessageQueued",), queued, (*DIMENSIONS, "reason"))
TOUCHES = Entities(TOUCH, ("ContactAttempted",), touched, ("campaign", "channel", "medium"))
RESPONSES = Entities(
    RESPONSE, ("CampaignResponseRecorded",), responded, ("campaign", "channel", "medium", "kind")
)
ORDERS = Entities(ORDER, ("OrderPlaced",), ordered, ("campaign", "channel", "currency"))
