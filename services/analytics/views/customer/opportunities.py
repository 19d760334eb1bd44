"""Open opportunities with stage, amount and probability; won and lost ones as sums."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_item
from shared.events import Event

TYPES = frozenset(
    {
        "OpportunityOpened", "OpportunityStageChanged", "OpportunityAmountChanged",
        "OpportunityWon", "OpportunityLost", "OpportunityReopened",
    }
)  # fmt: skip
CLOSED = {"OpportunityWon": "won", "OpportunityLost": "lost"}


def project(opportunities: State, event: Event) -> dict[str, Any]:
    """Follow every opportunity by its own stream; what closed last is undone when it is opened again."""
    data, number = event.data, event.data["opportunity_id"]
    known = opportunities.get("open", {}).get(number)
    match event.type:
        case "OpportunityOpened":
            opened = {
                name: data.get(name) for name in ("stage", "amount", "probability", "owner", "pipeline_id")
            }
            return {**with_item(opportunities, "open", number, opened)}
        case "OpportunityStageChanged":
            moved = {**(known or {}), "stage": data["to_stage"], "probability": data.get("probability_to")}
            return with_item(opportunities, "open", number, moved)
        case "OpportunityAmountChanged":
            return with_item(opportunities, "open", number, {**(known or {}), "amount": data["to_amount"]})
        case "OpportunityReopened":
            return _reopen(opportunities, number)
        case _:
            closed = {**(known or {}), "as": CLOSED[event.type], "value": data.get("amount")}
            return _count(_close(opportunities, number, closed), closed, 1)


def _close(state: State, number: str, closed: dict[str, Any]) -> dict[str, Any]:
    return with_item(with_item(state, "open", number, None), "closed", number, closed)


def _reopen(state: State, number: str) -> dict[str, Any]:
    closed = state.get("closed", {}).get(number)
    if closed is None:
        return dict(state)
    again = {name: value for name, value in closed.items() if name not in ("as", "value")}
    opened = with_item(with_item(state, "closed", number, None), "open", number, again)
    return _count(opened, closed, -1)


def _count(state: State, closed: dict[str, Any], step: int) -> dict[str, Any]:
    sums: dict[str, Any] = dict(state.get(closed["as"], {}))
    sums["count"] = sums.get("count", 0) + step
    if closed["as"] == "won" and closed["value"]:
        amount = step * closed["value"]["amount"]
        sums["value"] = added(sums.get("value"), **{closed["value"]["currency"]: amount})
    return {**state, closed["as"]: sums}


SECTION = Section("opportunities", TYPES, project)
