"""The engine: two clocks, scopes and splits give what counting the events one by one gives."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.analytics.metrics import METRICS, metric_of
from services.analytics.metrics.body import body_of
from services.analytics.metrics.drill import behind, place_of
from services.analytics.metrics.engine import measured
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.views.facts_cells import CELLS, PEOPLE
from services.analytics.views.facts_kinds import FACTS
from shared.errors import Invalid, NotFound
from shared.events import Event
from shared.project.entry import Until
from shared.testing.projection import ProjectionSpec
from tests.company import BEGIN, Company, populate
from tests.eventful import eventful
from tests.unit.analytics.metrics.folded import Folded, ask

TO = BEGIN + timedelta(days=150)
YEAR = Window(BEGIN, BEGIN + timedelta(days=365))
moments = st.integers(0, 150 * 24 * 60).map(lambda n: BEGIN + timedelta(minutes=n))


def company(seed: int) -> list[Event]:
    """Return a company's events, two of its customers merged."""
    known = Company(seed)
    populate(known, customers=4, rounds=3)
    known.merge("c-0000", "c-0001")
    return known.events()


def eventful_company(seed: int) -> list[Event]:
    """Return the events of a company in which everything happens."""
    known = Company(seed)
    eventful(known, populate(known, customers=3, rounds=1))
    return known.events()


def counted(events: Iterable[Event], window: Window, until: Until, customers: set[str] | None = None) -> int:
    """Return net revenue in pounds, event by event."""
    net = 0
    for event in events:
        inside = window.since <= event.occurred_at < window.to
        if not inside or not until.holds(event.occurred_at, event.recorded_at):
            continue
        if customers is not None and event.meta.customer not in customers:
            continue
        if event.type == "OrderPlaced" and event.data["total"]["currency"] == "GBP":
            net += event.data["total"]["amount"]
        if event.type == "OrderReturned" and event.data["value"]["currency"] == "GBP":
            net -= event.data["value"]["amount"]
    return net


@pytest.mark.parametrize("projection", [*FACTS, CELLS, PEOPLE], ids=lambda p: p.name)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_the_order_never_shows(projection, seed):
    """Any interleaving of streams gives the same facts and cells, byte for byte."""
    ProjectionSpec(projection, seed).given(*eventful_company(seed))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 50), since=moments, to=moments, as_of=st.none() | moments, known=st.none() | moments
)
def test_any_window_at_any_clocks_is_what_counting_the_events_gives(seed, since, to, as_of, known):
    """Whole days come from cells, the edges from facts: no minute is lost or counted twice."""
    if since >= to:
        since, to = to, since + timedelta(minutes=1)
    events, window = company(seed), Window(since, to)
    known = known and BEGIN + (known - BEGIN) / 2_000
    until = Until(as_of, known)
    found = ask(events, "net_revenue", Question(window, until, currency="GBP"))
    assert found.figure.value == counted(events, window, until)


def test_a_customer_is_all_its_refs_as_they_were_known():
    """Before the merge was recorded two customers are two, after it one; without it they stay two."""
    events = company(4)
    merged = next(e for e in events if e.type == "ContactsMerged")
    question = Question(Window(BEGIN, TO), scope=scope_of("customer:c-0000"), currency="GBP")
    one, both = {"c-0000", "c-0000-mail"}, {"c-0000", "c-0000-mail", "c-0001", "c-0001-mail"}
    for known_at, refs in ((merged.recorded_at - timedelta(seconds=1), one), (merged.recorded_at, both)):
        until = Until(None, known_at)
        found = ask(events, "net_revenue", replace(question, until=until))
        assert found.figure.value == counted(events, question.window, until, refs)
    assert ask(events, "net_revenue", question).figure.value == counted(events, YEAR, Until(), both)
    parted = [e for e in events if e != merged]
    assert ask(parted, "net_revenue", question).figure.value == counted(events, YEAR, Until(), one)


@pytest.mark.parametrize(
    "by", ["month", "week", "day", "quarter", "country", "channel", "currency", "customer"]
)
def test_points_add_up_to_the_value(by):
    """The same reading gives value and points; of customers those with a name add up to theirs."""
    events = company(7)
    found = ask(events, "orders", Question(YEAR, by=by))
    assert sum(p.figure.value for p in found.points) == found.figure.value == 12
    assert [p.label for p in found.points] == sorted(p.label for p in found.points)


def segmented(seed: int) -> list[Event]:
    """Return a company with two disjoint segments that hold all its customers."""
    known = Company(seed)
    populate(known, customers=4, rounds=3)
    known.merge("c-0000", "c-0001")
    for ref, segment in (
        ("c-0000", "loyal"),
        ("c-0002", "others"),
        ("c-0002", "loyal"),
        ("c-0003", "others"),
    ):
        known.write("analytics", "SegmentEntered", f"standing-{ref}", ref, at=BEGIN, customer=ref,
                    segment_id=segment, segment_version=1)  # fmt: skip
    known.write("analytics", "SegmentExited", "standing-c-0002", "c-0002", at=TO, customer="c-0002",
                segment_id="others", segment_version=1)  # fmt: skip
    return known.events()


def test_company_segments_and_customers_sum_up_consistently():
    """Row 102: company = the sum over disjoint segments = the sum over customers, by scope and by split."""
    events = segmented(3)
    question = Question(YEAR, currency="GBP")
    whole = ask(events, "net_revenue", question).figure.value
    scopes = [replace(question, scope=scope_of(f"segment:{name}")) for name in ("loyal", "others")]
    parts = [ask(events, "net_revenue", scope).figure.value for scope in scopes]
    split = ask(events, "net_revenue", replace(question, by="segment")).points
    customers = ask(events, "net_revenue", replace(question, by="customer")).points
    assert [p.figure.value for p in split] == parts
    assert whole == sum(parts) == sum(p.figure.value for p in customers)
    counts = ask(events, "customers", replace(question, by="segment", currency=None))
    assert sum(p.figure.value for p in counts.points) == counts.figure.value == 3


def test_a_segment_is_who_belonged_to_it_within_the_clocks():
    """Before c-0002 left the others, it counted there."""
    events = segmented(3)
    question = Question(YEAR, Until(TO - timedelta(minutes=1)), scope_of("segment:others"))
    before = ask(events, "customers", question).figure.value
    assert (before, ask(events, "customers", replace(question, until=Until())).figure.value) == (2, 1)


def test_row_39_a_metric_can_be_split_by_segment_version():
    """Who was picked by the first version stays with it; who comes in by the second is of the second."""
    known = Company(3)
    populate(known, customers=3, rounds=2)
    for ref, version in (("c-0000", 1), ("c-0001", 2)):
        known.write("analytics", "SegmentEntered", f"standing-{ref}", ref, at=BEGIN, customer=ref,
                    segment_id="loyal", segment_version=version)  # fmt: skip
    events, question = known.events(), Question(YEAR, by="segment_version")
    points = ask(events, "customers", question).points
    assert [(p.label, p.figure.value) for p in points] == [("loyal@1", 1), ("loyal@2", 1)]
    one = ask(events, "orders", Question(YEAR, scope=scope_of("segment_version:loyal@2"))).figure.value
    assert one == ask(events, "orders", Question(YEAR, scope=scope_of("customer:c-0001"))).figure.value


def came(*orders: tuple[str, int]) -> Company:
    """Return a company whose customers ordered on these days."""
    known = Company()
    for number, (ref, day) in enumerate(orders):
        total = {"amount": 100, "currency": "GBP"}
        known.write("sales", "OrderPlaced", f"order-{number}", ref, at=BEGIN + timedelta(days=day),
                    order_id=str(number), order_no=str(number), lines=[], total=total)  # fmt: skip
    return known


@pytest.mark.parametrize(
    ("metric", "first", "second"), [("repeat_rate", 0.5, 0), ("customers", 2, 1), ("net_revenue", 300, 100)]
)
def test_row_112_what_customers_do_is_reported_per_cohort(metric, first, second):
    """A customer stays in the cohort of the first order, whatever it does later."""
    events = came(("a", 0), ("a", 40), ("b", 1), ("c", 40)).events()
    points = ask(events, metric, Question(YEAR, by="cohort")).points
    assert [p.figure.value for p in points] == [first, second]
    scope = scope_of(f"cohort:{points[0].label}")
    assert ask(events, metric, Question(YEAR, scope=scope)).figure.value == first
    assert [p.label for p in ask(events, metric, Question(YEAR, by="cohort_year")).points] == [f"{BEGIN:%Y}"]


def test_row_112_satisfaction_is_reported_per_cohort():
    """The answer counts in the cohort of who gave it."""
    known = came(("a", 0), ("b", 40))
    for ref, score in (("a", 10), ("b", 0), ("never", 0)):
        known.write("support", "SurveyResponded", f"survey-{ref}", ref, at=BEGIN + timedelta(days=50),
                    kind="nps", score=score, low=False)  # fmt: skip
    points = ask(known.events(), "nps", Question(YEAR, by="cohort")).points
    assert [p.figure.value for p in points] == [100, -100]


def test_a_cohort_is_that_of_the_first_order_of_one_person_as_known():
    """Merged people are one, of the earlier cohort, from when the merge was known."""
    known = came(("a", 0), ("b", 40))
    known.contact("a")
    known.contact("b")
    known.merge("b", "a")
    events = known.events()
    merged = next(e for e in events if e.type == "ContactsMerged").recorded_at
    found = {}
    for known_at in (merged - timedelta(seconds=1), merged):
        question = Question(YEAR, Until(None, known_at), by="cohort")
        found[known_at == merged] = [p.figure.value for p in ask(events, "customers", question).points]
    assert found == {False: [1, 1], True: [1]}


S = {"segment_id": "s", "segment_version": 1}


@pytest.mark.parametrize(
    ("happened", "segments"),
    [
        ([("StandingJoined", {"absorbed": "b", "segments": [S]})], {"s"}),
        ([("StandingJoined", {"absorbed": "b", "segments": [S]}),
          ("SegmentExited", {"segment_id": "s"})], set()),
        ([("StandingJoined", {"absorbed": "b", "segments": [S]}),
          ("StandingParted", {"absorbed": "b"})], set()),
        ([("SegmentEntered", S), ("StandingAbsorbed", {"survivor": "x"})], set()),
        ([("SegmentEntered", S), ("StandingAbsorbed", {"survivor": "x"}),
          ("StandingReleased", {})], {"s"}),
    ],
)  # fmt: skip
def test_membership_follows_merges_and_partings(happened, segments):
    """What a merge took over goes with the parting; who goes on as another belongs to nothing itself."""
    company = Company()
    for minute, (type_, data) in enumerate(happened):
        company.write("analytics", type_, "standing-a", "a", at=BEGIN + timedelta(minutes=minute), **data)
    found = Reader(Folded(company.events())).groups("segment", Until())
    assert found == {segment: {"a"} for segment in segments}


def test_every_value_leads_to_its_events():
    """A-5: the pages together are all events of the inputs in the window, each once, in order."""
    events = company(5)
    reader, question = Reader(Folded(events)), Question(YEAR)
    pages, after = [], None
    while page := behind(metric_of("net_revenue"), question, reader, after, 3):
        pages += page
        after = place_of(page[-1])
    heard = [e for e in events if e.type in metric_of("net_revenue").inputs]
    assert [f.id for _, _, f in pages] == [e.id for e in sorted(heard, key=lambda e: (e.occurred_at, e.id))]


def test_the_events_behind_an_amount_are_those_of_its_currency():
    """Value and events agree when the question names a currency."""
    events = company(5)
    question = Question(YEAR, currency="EUR")
    found = behind(metric_of("gross_revenue"), question, Reader(Folded(events)), None, 200)
    value = ask(events, "gross_revenue", question).figure.value
    assert value == sum(f.data["money"]["amount"] for _, _, f in found) > 0


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: f"{m.id}_{m.version}")
def test_of_nothing_every_share_is_not_available(metric):
    """C7: a zero denominator gives no value and a reason, never 0."""
    found = body_of(measured(metric, Question(YEAR), Reader(Folded([]))))
    assert found["value"] in (None, 0)
    if metric.unit not in ("count", "money"):
        assert found["value"] is None
    assert (found["value"] is None) == bool(found.get("reason"))


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: f"{m.id}_{m.version}")
def test_every_metric_names_only_events_whose_facts_are_kept(metric):
    """The catalogue is complete: each metric says how it is made and of what."""
    kept = {type_ for projection in FACTS for type_ in projection.types}
    assert metric.formula
    assert metric.owner
    assert set(metric.inputs) <= kept


@pytest.mark.parametrize(
    ("metric", "changes", "pointer"),
    [
        ("orders", {"scope": scope_of("owner:ann")}, "?scope"),
        ("orders", {"by": "owner"}, "?by"),
        ("orders", {"currency": "GBP"}, "?currency"),
        ("win_rate", {"parameters": {"lapse_days": 3}}, "?lapse_days"),
    ],
)
def test_what_a_metric_does_not_have_is_refused_by_name(metric, changes, pointer):
    """A wrong scope, split or parameter names itself."""
    with pytest.raises(Invalid) as refused:
        ask([], metric, Question(YEAR, **changes))
    assert [e.pointer for e in refused.value.errors] == [pointer]


@pytest.mark.parametrize("text", ["company:x", "country", "country:", ""])
def test_a_scope_is_company_or_a_dimension_with_a_value(text):
    """Anything else is refused."""
    with pytest.raises(Invalid):
        scope_of(text)


def labels(period: str, since: datetime, to: datetime) -> Sequence[str]:
    """Return the labels of the periods of a window."""
    return [label for label, _ in Window(since, to).split(period)]


def test_periods_are_those_of_the_calendar_cut_to_the_window():
    """Weeks are ISO weeks; the first and the last period are cut."""
    since, to = datetime(2011, 1, 15, 12, tzinfo=UTC), datetime(2011, 3, 1, tzinfo=UTC)
    assert labels("month", since, to) == ["2011-01", "2011-02"]
    assert labels("quarter", since, to) == ["2011-Q1"]
    assert labels("week", since, to)[0] == "2011-W02"
    periods = [window for _, window in Window(since, to).split("day")]
    assert periods[0].since == since
    assert all(a.to == b.since for a, b in pairwise(periods))
    assert periods[-1].to == to


def test_a_version_of_a_metric_is_one_of_the_catalogue():
    """No two metrics share id and version; the newest answers unless one is named."""
    names = [(m.id, m.version) for m in METRICS]
    assert len(set(names)) == len(names)
    assert metric_of("win_rate") == metric_of("win_rate", 1)
    with pytest.raises(NotFound):
        metric_of("win_rate", 99)
