"""The facts that rules may name, each with its kind and unit: the documented list, and what is checked."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Kind = Literal["number", "text", "truth", "any"]
LONGEST = 200
_LABEL = "[A-Za-z][A-Za-z0-9_]{0,40}"


@dataclass(frozen=True, slots=True)
class Declared:
    """A fact or, with `<...>` in its path, a family of facts. `windowed` takes `within_days`."""

    path: str
    kind: Kind
    unit: str
    says: str
    windowed: bool = False

    def matches(self, fact: str) -> bool:
        """Tell whether a path names this fact or one of the family."""
        pattern = re.sub(r"<\w+>", _LABEL, self.path.replace(".", r"\."))
        return re.fullmatch(pattern, fact) is not None


def _counted(path: str, unit: str, says: str) -> Declared:
    return Declared(f"behaviour.{path}", "number", unit, says, windowed=True)


DECLARED: tuple[Declared, ...] = (
    _counted("orders", "orders", "Orders placed"),
    _counted("returns", "returns", "Returns, whole or in part"),
    _counted("cancellations", "cancellations", "Orders cancelled"),
    _counted("net_value.<currency>", "major units", "Ordered less returned and cancelled"),
    _counted("category.<category>", "orders", "Orders with a line of the category"),
    _counted("interactions", "contacts", "Contacts in any channel"),
    _counted("channel.<channel>", "contacts", "Contacts in one channel"),
    _counted("pages", "views", "Pages and screens viewed"),
    _counted("tickets", "tickets", "Tickets opened"),
    _counted("campaign_touches", "contacts", "Messages sent and calls made by campaigns"),
    _counted("campaign_responses", "responses", "Responses to campaigns"),
    _counted("campaign_opens", "opens", "Messages' opens, those of robots left out; of ten years"),
    _counted("campaign_clicks", "clicks", "Clicks in messages, those of robots left out; of ten years"),
    Declared("behaviour.last_order_days", "number", "days", "Whole days since the last order"),
    Declared("behaviour.first_order_days", "number", "days", "Whole days since the first order"),
    Declared("behaviour.last_seen_days", "number", "days", "Whole days since the last contact"),
    Declared("behaviour.open_tickets", "number", "tickets", "Tickets not closed yet"),
    Declared("behaviour.survey.<kind>", "number", "points", "Latest answer to a survey: csat, nps or ces"),
    Declared("behaviour.recency_score", "number", "1 to 5", "RFM: how lately bought, 5 is best"),
    Declared("behaviour.frequency_score", "number", "1 to 5", "RFM: how often bought, 5 is best"),
    Declared("behaviour.monetary_score", "number", "1 to 5", "RFM: for how much bought, 5 is best"),
    Declared("behaviour.value_tier", "text", "", "top, high, middle or low, by net value"),
    Declared("behaviour.lifecycle_stage", "text", "", "anonymous, prospect, customer or lapsed"),
    Declared("demographics.<field>", "any", "", "A field of the profile, as told last"),
    Declared("preferences.<topic>", "text", "", "A preference, as stated last"),
    Declared("preferences.consent.<purpose>.<channel>", "truth", "", "Whether a consent is in force"),
)


def declared(fact: str) -> Declared | None:
    """Return the declaration of a fact, None for one that is not in the list."""
    return next((known for known in DECLARED if known.matches(fact)), None)


def suggestions(fact: str) -> list[str]:
    """Return the declared paths that look most like a fact, best first."""
    near = get_close_matches(fact[:LONGEST], [known.path for known in DECLARED], n=3, cutoff=0.5)
    return list(near)
