"""A rule tried on past events raises what it would have raised, and leaves nothing behind."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest

from services.support import trying
from services.support.domain.rule import Condition, Pattern, Trigger
from services.support.trying import Body, TryRule
from shared.consume.own_log import OwnLog
from shared.contracts.payload import to_data
from shared.errors import Invalid
from shared.events import Meta, NewEvent
from shared.events.ids import fresh
from shared.privacy import MemoryKeyStore, Vault
from shared.store.memory import MemoryStore
from shared.store.port import Append, Expect, append
from shared.testing.controls import WHEN, moment

SURVEY, PLACED, SHIPPED = "SurveyResponded", "OrderPlaced", "OrderShipped"
DAY = 86_400
THREE_LOW = Trigger(
    Pattern(f"rapport.support.{SURVEY}.v1", (Condition("low", "is", ("true",)),)),
    Pattern(f"rapport.support.{SURVEY}.v1", (Condition("low", "is", ("false",)),)),
    times=3,
    within_s=90 * DAY,
)
SILENT = Trigger(
    Pattern(f"rapport.sales.{PLACED}.v1"),
    Pattern(f"rapport.sales.{SHIPPED}.v1"),
    wait_s=3 * DAY,
    per="order_id",
)


@dataclass
class Past:
    """The logs of sales and support, at a day that moves."""

    day: float = 0

    def __post_init__(self) -> None:
        self.stores = {
            name: MemoryStore(name, clock=lambda: moment(self.day)) for name in ("sales", "support")
        }

    def on(self, day: float, type_: str, customer: str = "c-1", **data: object) -> str:
        """Record an event on a day; return its id."""
        self.day = day
        store = self.stores["support" if type_ == SURVEY else "sales"]
        happened = NewEvent(type_, 1, data, moment(day), Meta(fresh(), "chain", customer=customer))
        done = append(store, Append(f"thing-{fresh()}", Expect.NO_STREAM, (happened,), fresh()))
        return done.events[0].id

    def tried(self, trigger: Trigger, day: float, **asked: object) -> dict:
        """Try a trigger on a day, with what leads from alias to contact."""
        logs = {name: OwnLog(store) for name, store in self.stores.items()}
        desk = TryRule(
            logs, Vault(MemoryKeyStore()), lambda ref: ref.removesuffix("-too"), lambda: moment(day)
        )
        body = Body().load({"trigger": to_data(trigger), **asked})
        return desk.rule(SimpleNamespace(body=body))


def test_a_run_of_low_answers_would_have_raised_one_case() -> None:
    """Whatever ref the customer answered under; another's answers and a run that was ended do not count."""
    past = Past()
    past.on(1, SURVEY, "c-2", low=True)
    past.on(2, SURVEY, "c-1", low=True)
    past.on(3, SURVEY, "c-1", low=False)
    evidence = [past.on(4 + n, SURVEY, ref, low=True) for n, ref in enumerate(("c-1", "c-1-too", "c-1"))]
    logged = len(past.stores["support"].events)

    told = past.tried(THREE_LOW, 10)
    assert (told["events"], told["cases"]["count"], told["since"]) == (6, 1, None)
    [case] = told["cases"]["newest"]
    assert (case["evidence_event_ids"], case["customer"]) == (evidence, "c-1")
    assert case["at"].startswith("2026-05-07")
    assert len(past.stores["support"].events) == logged


def test_an_absence_is_waited_for_in_the_time_of_the_past() -> None:
    """A case on the third day after an order; none for what was shipped, and what still has time waits."""
    past = Past()
    silent = past.on(1, PLACED, order_id="1")
    past.on(2, PLACED, order_id="2")
    past.on(3, SHIPPED, order_id="2")
    past.on(6, SHIPPED, order_id="1")
    past.on(8, PLACED, order_id="3")

    told = past.tried(SILENT, 9)
    assert (told["cases"]["count"], told["waiting"]) == (1, 1)
    [case] = told["cases"]["newest"]
    assert (case["order_id"], case["evidence_event_ids"]) == ("1", [silent])
    assert case["at"].startswith("2026-05-05")
    assert past.tried(SILENT, 9, since=(WHEN + timedelta(days=1.5)).isoformat())["cases"]["count"] == 0
    assert past.tried(SILENT, 12)["cases"]["count"] == 2


def test_how_far_back_was_looked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long log the newest events are looked through; the moment from which on is in the answer."""
    past = Past()
    for day in range(1, 6):
        past.on(day, PLACED, order_id=str(day))
    monkeypatch.setattr(trying, "MOST", 2)

    told = past.tried(SILENT, 30)
    assert (told["since"], told["cases"]["count"]) == (moment(4), 2)


def test_what_can_not_be_meant_is_refused() -> None:
    """As it is when the rule is published."""
    unfit = Trigger(Pattern("rapport.support.SurveyResponded.v1", (Condition("score", "at_most", ("two",)),)))
    with pytest.raises(Invalid, match="/trigger/when/where/0/values: needs to be one number"):
        Past().tried(unfit, 1)
