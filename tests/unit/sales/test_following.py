"""What happens in sales when something happens elsewhere."""

from dataclasses import dataclass, field
from typing import Any

from services.sales.deals import Deals
from services.sales.domain import DECIDERS
from services.sales.domain.opportunity import ChangeOwner, LoseOpportunity, OpenOpportunity
from services.sales.domain.pipeline import AddStage, DefinePipeline, RetireStage
from services.sales.following import Following
from services.sales.reactions import order_placed
from shared.decide import Context, streams_of
from shared.events import Event
from shared.events.ids import fresh
from shared.privacy import MemoryKeyStore, Vault
from shared.receive.plan import Plan
from shared.store.memory import MemoryStore
from shared.store.port import append
from shared.testing.controls import WHEN, meta
from shared.testing.lines import Lines
from tests.company import Company


class Nobody:
    """People of whom nothing was told."""

    def writes(self, _: Any) -> dict[str, Any]:
        """Nothing follows."""
        return {}


@dataclass
class Sales:
    """Sales in memory; `ada` is known under two refs."""

    store: MemoryStore = field(default_factory=lambda: MemoryStore("sales"))

    def __post_init__(self) -> None:
        self.streams = streams_of(self.store, DECIDERS, Vault(MemoryKeyStore()))
        ada = ["ada", "ada-mail"]
        lines = Lines(self.store, "opportunity")
        groups = dict.fromkeys(ada, ada)
        known_as = lambda refs: {ref: groups.get(ref, [ref]) for ref in refs}  # noqa: E731
        deals = Deals(lines, self.streams, known_as)  # type: ignore[arg-type]
        self.following = Following(self.streams, deals, Nobody())  # type: ignore[arg-type]

    def do(self, category: str, command: Any, customer: str | None = None) -> None:
        """Give a command."""
        key = next(iter(getattr(command, name) for name in command.__dataclass_fields__))
        context = Context(WHEN, meta(command_id=fresh(), customer=customer))
        self.streams[category].handle(key, command, context)

    def hear(self, event: Event) -> list[tuple[str, str]]:
        """React to an event; return types and streams of what it caused."""
        (plan,) = self.following([event], True)
        assert isinstance(plan, Plan)
        done = append(self.store, *plan.appends, writes=plan.writes)
        return sorted((e.type, e.stream) for e in done.events)


def test_s8_deals_in_a_retired_stage_move_where_they_belong() -> None:
    """S-8: open ones alone, past a stage that retired later; without a place to go they stay."""
    sales = Sales()
    sales.do("pipeline", DefinePipeline("b2b", "Companies"))
    for order, stage in enumerate(("pitch", "demo", "tender")):
        sales.do("pipeline", AddStage("b2b", stage, order, probability=30 + order))
    for number in ("1", "2", "3"):
        sales.do("opportunity", OpenOpportunity(number, "eva", "pitch", "b2b"))
    sales.do("opportunity", LoseOpportunity("3", "price"))
    sales.do("pipeline", RetireStage("b2b", "pitch", "demo"))
    retired = sales.store.events[-1]
    sales.do("pipeline", RetireStage("b2b", "demo", "tender"))
    moved = "OpportunityStageChanged"
    assert sales.hear(retired) == [(moved, "opportunity-1"), (moved, "opportunity-2")]
    states = sales.streams["opportunity"].load(["1", "2", "3"], fresh=True)
    assert [found.state.stage for found in states.values()] == ["tender", "tender", "pitch"]
    assert states["1"].state.probability == 32
    assert sales.following([retired], True) == [None]


def test_who_has_an_open_deal_is_told_of_a_new_value_tier() -> None:
    """C6: every open deal of the person, under any ref; whoever has it by then; each event once."""
    sales = Sales()
    for number, customer in (("1", "ada"), ("2", "ada-mail"), ("3", "bob"), ("4", "ada")):
        sales.do("opportunity", OpenOpportunity(number, "eva"), customer)
    sales.do("opportunity", ChangeOwner("2", "tom"))
    sales.do("opportunity", LoseOpportunity("4", "price"))
    said = {"customer": "ada", "from_tier": "low", "to_tier": "top", "model_version": "rfm-1"}
    event = Company().write("analytics", "CustomerValueTierChanged", "standing-ada", "ada", **said)
    assert sales.hear(event) == [("OwnerNotified", "opportunity-1"), ("OwnerNotified", "opportunity-2")]
    (notice,) = sales.streams["opportunity"].load(["2"], fresh=True)["2"].state.notices
    assert (notice.owner, notice.about, notice.event_id) == ("tom", "value_tier", event.id)
    assert "low to top" in notice.text


def test_each_event_of_a_batch_concerns_the_deals_of_its_own_customer() -> None:
    """Deals are looked up once for a batch; nobody is told of another's customer."""
    sales = Sales()
    for number, customer in (("1", "ada"), ("2", "bob"), ("3", "ada-mail")):
        sales.do("opportunity", OpenOpportunity(number, "eva"), customer)
    company, said = Company(), {"from_tier": "low", "to_tier": "top", "model_version": "rfm-1"}
    events = [
        company.write("analytics", "CustomerValueTierChanged", f"standing-{who}", who, customer=who, **said)
        for who in ("bob", "eve", "ada")
    ]
    plans = sales.following(events, True)
    told = [[a.stream for a in plan.appends] if isinstance(plan, Plan) else plan for plan in plans]
    assert told == [["opportunity-2"], None, ["opportunity-1", "opportunity-3"]]


def test_s11_a_code_without_a_customer_does_not_wait() -> None:
    """S-11: whoever names nobody redeems nothing; who names somebody waits for campaigns."""
    placed = {"order_id": "1", "offer_code": "SPRING"}
    anonymous = Company().write("sales", "OrderPlaced", "order-1", None, **placed)
    named = Company().write("sales", "OrderPlaced", "order-1", "c-1", **placed)
    plain = Company().write("sales", "OrderPlaced", "order-2", None, order_id="2")
    (settled,) = order_placed(anonymous)
    assert (settled.command.outcome, settled.command.reason) == ("refused", "the order names no customer")
    assert order_placed(named) == order_placed(plain) == []
