"""Rules as data: what they look for, how they count, and the one case they raise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.contracts import contracts
from services.support.domain.case import CASE, RaiseCase, case_of
from services.support.domain.rule import (
    RULE,
    SHIPPED,
    Condition,
    Pattern,
    PublishRule,
    RetireRule,
    Rule,
    RulePublished,
    RuleRetired,
    Trigger,
)
from services.support.domain.watch import (
    WATCH,
    ClearEvidence,
    EvidenceCleared,
    EvidenceNoted,
    NoteEvidence,
    RuleMet,
    watch_of,
)
from services.support.reactions import REACTIONS
from services.support.rules import Heard, Rules, seen, ship
from shared.contracts.derive import schema_class
from shared.contracts.examples import PERSON, golden
from shared.contracts.payload import to_data
from shared.decide import Elapsed, streams_of
from shared.errors import Conflict, Invalid, NotFound
from shared.events.wire import from_json
from shared.privacy import MemoryKeyStore, Vault
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, moment
from shared.testing.given import given

CONTRACTS = {contract.type: contract for contract in contracts()}
SURVEY = "rapport.support.SurveyResponded.v1"
LOW, GOOD = Condition("low", "is", ("true",)), Condition("low", "is", ("false",))
THREE_LOW = Trigger(Pattern(SURVEY, (LOW,)), Pattern(SURVEY, (GOOD,)), times=3, within_s=90 * 86_400)
DAY = 86_400
SILENT = Trigger(
    Pattern("rapport.sales.OrderPlaced.v1"),
    Pattern("rapport.sales.OrderShipped.v1"),
    wait_s=3 * DAY,
    per="order_id",
)
LOWS, UNSHIPPED = Rule("unhappy", 1, "Three low", THREE_LOW), Rule("unshipped", 1, "Not shipped", SILENT)
W = "w-1"


def event(type_, **data):
    """Return the example event of a type, with these data."""
    told = golden(CONTRACTS[type_])
    return from_json({**told, "data": {**told["data"], **data}})


def low(n, day, rule=LOWS):
    """Return the evidence of a low answer on a day."""
    return NoteEvidence(W, rule, (f"e{n}",), moment(days=day))


def noted(n, day):
    """Return what is noted of it."""
    return EvidenceNoted(W, "unhappy", 1, (f"e{n}",), moment(days=day))


def test_a_rule_is_published_in_versions_and_retired():
    """The same again is no news; what could never be compared is refused with its place."""
    publish = PublishRule("unhappy", "Three low", THREE_LOW)
    published, retired = RulePublished("unhappy", LOWS), RuleRetired("unhappy", WHEN)
    wrong = Pattern(SURVEY, (Condition("score", "at_most", ("two",)), Condition("kind", "is")))

    given(RULE).when(publish).then(published)
    given(RULE, published).when(publish).then_nothing()
    given(RULE, published).when(replace(publish, title="Thrice")).then(
        RulePublished("unhappy", replace(LOWS, version=2, title="Thrice"))
    )
    given(RULE, published).when(RetireRule("unhappy", WHEN)).then(retired)
    given(RULE, published, retired).when(publish).then_raises(Conflict, "retired")
    given(RULE).when(RetireRule("unhappy", WHEN)).then_raises(NotFound)
    refused = given(RULE).when(replace(publish, trigger=Trigger(wrong)))
    refused.then_raises(Invalid, "/trigger/when/where/0/values")
    refused.then_raises(Invalid, "/trigger/when/where/1/values")
    endless = replace(publish, trigger=replace(THREE_LOW, within_s=2**53))
    given(RULE).when(endless).then_raises(Invalid, "/trigger/within_s: is longer")


def test_a_condition_without_values_is_what_its_schema_gives_back():
    """A mapping has a method of that name; a field that was left out stays left out."""
    pattern = {"event": SURVEY, "where": [{"field": "a", "op": "present"}]}
    said = {"title": "Any", "trigger": {"when": pattern}}
    schema = schema_class(PublishRule, without=("rule_id",))()

    assert schema.dump(schema.load(said)) == said


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        (Condition("score", "at_most", ("2",)), True),
        (Condition("score", "at_least", ("2.5",)), False),
        (Condition("score", "is", ("2.0",)), True),
        (Condition("kind", "is", ("nps", "csat")), True),
        (Condition("kind", "is_not", ("csat",)), False),
        (Condition("kind", "at_least", ("1",)), False),
        (Condition("low", "is", ("true",)), True),
        (Condition("total.amount", "at_least", ("100",)), True),
        (Condition("total.currency", "present"), True),
        (Condition("comment", "absent"), True),
        (Condition("comment", "is_not", ("x",)), True),
        (Condition("comment", "is", ("x",)), False),
        (Condition("kind.more", "present"), False),
        (Condition("kind", "absent"), False),
    ],
)
def test_a_condition_reads_a_field(condition, fits):
    """Numbers as numbers, fields inside fields, and what is missing."""
    data = {"score": 2, "kind": "csat", "low": True, "total": {"amount": "250", "currency": "GBP"}}

    assert condition.met(data) is fits


def test_t10_a_run_of_low_answers_meets_the_rule_once():
    """T-10: the third within the window, with all three as evidence; then it counts from none."""
    met = RuleMet(W, "unhappy", 1, ("e1", "e2", "e3"))

    given(WATCH).when(low(1, 0)).then(noted(1, 0))
    given(WATCH, noted(1, 0)).when(low(1, 0)).then_nothing()
    given(WATCH, noted(1, 0), noted(2, 5)).when(low(3, 9)).then(met)
    given(WATCH, noted(1, 0), noted(2, 5), met).when(low(4, 10)).then(noted(4, 10))
    given(WATCH, noted(1, 0), noted(2, 5)).when(low(3, 91)).then(noted(3, 91))
    newer = replace(LOWS, version=2)
    given(WATCH, noted(1, 0), noted(2, 5)).when(low(3, 9, newer)).then(
        EvidenceNoted(W, "unhappy", 2, ("e3",), moment(days=9))
    )


def test_t10_a_good_answer_ends_the_run():
    """T-10: also when it is heard of late: what it came before still counts."""
    cleared = EvidenceCleared(W, "unhappy", moment(days=3))
    clear = ClearEvidence(W, LOWS, moment(days=3))

    given(WATCH, noted(1, 0)).when(clear).then(cleared)
    given(WATCH).when(clear).then_nothing()
    given(WATCH, noted(1, 0), noted(2, 5), cleared).when(low(3, 9)).then(noted(3, 9))
    given(WATCH, noted(1, 0), cleared).when(low(2, 2)).then_nothing()


def test_t10_an_absence_is_waited_for():
    """T-10: met when the time is over; not when the awaited came, even if that is heard of first."""
    seen_, due = NoteEvidence(W, UNSHIPPED, ("e1",), WHEN, "S-1"), WHEN + timedelta(days=3)
    waits = EvidenceNoted(W, "unshipped", 1, ("e1",), WHEN, due, "S-1")
    shipped = EvidenceCleared(W, "unshipped", moment(days=1))
    met = RuleMet(W, "unshipped", 1, ("e1",), "S-1")

    given(WATCH).when(seen_).then(waits)
    assert WATCH.timers(given(WATCH, waits).state()) == {"waits": due}
    given(WATCH, waits).when(Elapsed("waits", due)).then(met)
    given(WATCH, waits, met).when(Elapsed("waits", due)).then_nothing()
    given(WATCH, waits, shipped).when(Elapsed("waits", due)).then_nothing()
    given(WATCH).when(ClearEvidence(W, UNSHIPPED, moment(days=1))).then(shipped)
    given(WATCH, shipped).when(seen_).then_nothing()


def test_an_event_is_evidence_for_its_subject():
    """By customer, under any ref; or by a field of the data. Events beside the rule are nobody's."""
    [found] = seen(LOWS, event(SURVEY, low=True), lambda ref: f"root of {ref}")
    [ended] = seen(LOWS, event(SURVEY, low=False), str)
    [order] = seen(UNSHIPPED, event("rapport.sales.OrderPlaced.v1", order_id="S-1"), str)

    assert (found.key, type(found.command)) == (watch_of("unhappy", f"root of {PERSON}"), NoteEvidence)
    assert type(ended.command) is ClearEvidence
    assert (order.key, order.command.order_id) == (watch_of("unshipped", "S-1"), "S-1")
    assert list(seen(UNSHIPPED, event(SURVEY), str)) == []


@pytest.mark.parametrize(
    "type_", ["rapport.support.PromiseMissed.v1", "rapport.analytics.ChurnRiskRaised.v1"]
)
def test_c6_what_is_shipped_raises_cases(type_):
    """C6: a promise missed and a customer at risk, each met at once."""
    shipped = {command.trigger.when.event: command for command in SHIPPED}[type_]
    rule = given(RULE).when(shipped).after().rule
    happened = event(type_)

    [evidence] = seen(rule, happened, str)
    [met] = given(WATCH).when(evidence.command).events
    expected = (happened.id, "event-id") if "Promise" in type_ else (happened.id,)
    assert met.evidence_event_ids == expected


def test_t10_a_rule_that_is_met_raises_the_one_case_of_its_evidence():
    """T-10: rule, version and events are those of the case."""
    said = {"rule_id": "unhappy", "rule_version": 2, "evidence_event_ids": ["e1", "e2"], "order_id": "S-1"}
    [raised] = REACTIONS["rapport.support.RuleMet.v1"](event("rapport.support.RuleMet.v1", **said))

    key = case_of("unhappy", ("e1", "e2"))
    assert (raised.category, raised.key) == (CASE.category, key)
    assert raised.command == RaiseCase(key, "unhappy", 2, ("e1", "e2"), "S-1")


class Lines:
    """Stands for the list of rules in the database."""

    def __init__(self, *rules):
        self.rules = rules

    def __getitem__(self, _):
        return self

    def find(self, _):
        """Return the lines."""
        return [{"rule": rule} for rule in self.rules]


def test_events_of_a_published_rule_are_heard_as_well():
    """Beside those of the table, which keep their own reaction."""
    published = given(RULE).when(PublishRule("unhappy", "Three low", THREE_LOW)).after()
    rules = Rules(Lines(to_data(published.rule)), str, lambda: WHEN)
    heard = Heard({"rapport.support.RuleMet.v1": lambda _: ["table"]}, rules)

    assert SURVEY in heard
    assert "rapport.sales.OrderPlaced.v1" not in heard
    assert heard["rapport.support.RuleMet.v1"](event("rapport.support.RuleMet.v1")) == ["table"]
    [instruct] = heard[SURVEY](event(SURVEY, low=True))
    assert instruct.command.rule == LOWS


def test_shipped_rules_are_published_where_nobody_has_said_otherwise():
    """Once; a retired one stays so."""
    store = MemoryStore("support")
    rules = streams_of(store, [RULE], Vault(MemoryKeyStore()))["rule"]
    ship(rules, lambda: WHEN)
    ship(rules, lambda: WHEN)

    assert [e.stream for e in store.events] == ["rule-promise_missed", "rule-churn_risk"]
    assert all(e.meta.actor == "system:support" for e in store.events)
