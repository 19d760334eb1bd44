"""Predictions: the published figures on public data, the known parameters of generated data, and the laws."""

import csv
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import exp, isclose, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics.predictions import facts, fitting
from services.analytics.predictions.bgnbd import Bgnbd, hypergeometric
from services.analytics.predictions.calibration import brier, deciles, skill
from services.analytics.predictions.churn import Silence, silence
from services.analytics.predictions.clv import discounted
from services.analytics.predictions.facts import Wanted
from services.analytics.predictions.fitter import out_of_date
from services.analytics.predictions.gammagamma import GammaGamma
from services.analytics.predictions.history import History, compressed, gaps, history
from services.analytics.predictions.process import NoResult, calculate
from services.analytics.predictions.scores import Asked, leaving, scores
from services.analytics.predictions.survival import curve, ends_within, median
from services.analytics.predictions.trend import series
from services.analytics.views.facts import entity_of, facts_of
from services.analytics.views.facts_sales import AGREEMENT
from services.analytics.views.purchases import PURCHASES
from shared.testing.projection import ProjectionSpec
from tests.company import BEGIN, Company, populate
from tests.real_data import DATA

CDNOW = DATA / "cdnow_sample" / "cdnow_sample.csv"
PUBLISHED = Bgnbd(0.243, 4.414, 0.793, 2.426)
CALIBRATED = date(1997, 9, 30)
with_cdnow = pytest.mark.skipif(not CDNOW.exists(), reason="the data set is not here")


@cache
def cdnow() -> Mapping[str, Mapping[str, Any]]:
    """Return the customers' purchases as the projection keeps them."""
    days: dict[str, dict[str, Any]] = defaultdict(dict)
    with CDNOW.open(newline="") as file:
        for line in csv.DictReader(file):
            day = datetime.strptime(line["date"], "%Y%m%d").replace(tzinfo=UTC).date().isoformat()
            known = days[line["master_id"]].setdefault(day, {"orders": 0, "value": {"USD": 0}})
            known["orders"] += 1
            known["value"]["USD"] += round(float(line["dollar_value"]) * 100)
    return {key: {"days": value} for key, value in days.items()}


def histories(until: date = CALIBRATED) -> dict[str, History]:
    """Return each customer's history."""
    known = {key: history(facts.bought(view, until), until) for key, view in cdnow().items()}
    return {key: each for key, each in known.items() if each}


@with_cdnow
def test_bgnbd_gives_the_published_parameters_on_cdnow() -> None:
    """Fader, Hardie and Lee 2005: r 0.243, alpha 4.414, a 0.793, b 2.426, log-likelihood -9582.4."""
    inputs = facts.histories(cdnow().values(), Wanted(CALIBRATED))
    model, likelihood = fitting.fit_bgnbd(inputs["rows"])
    assert [round(v, 3) for v in asdict(model).values()] == [0.243, 4.414, 0.793, 2.426]
    assert round(likelihood, 2) == -9582.43


@with_cdnow
def test_gammagamma_gives_the_published_parameters_on_cdnow() -> None:
    """Fader and Hardie 2013: p 6.25, q 3.74, gamma 15.44 (dollars) on 946 customers with repeat purchases."""
    inputs = facts.values(cdnow().values(), Wanted(CALIBRATED))
    model, _ = fitting.fit_gammagamma(inputs["rows"])
    assert len(inputs["rows"]) == 946
    assert (round(model.p, 4), round(model.q, 4), round(model.gamma / 100, 4)) == (6.2496, 3.7442, 15.4435)
    assert round(sum(mean for _, mean in inputs["rows"]) / 946 / 100, 2) == 35.08
    assert round(fitting.correlation(inputs["rows"]) or 0, 4) == 0.1139


@with_cdnow
def test_the_holdout_of_cdnow_is_as_published() -> None:
    """1,653.4 purchases expected where 1,882 came, correlation 0.626, mean absolute error 0.785."""
    known, model = histories(), Bgnbd(0.2426, 4.4136, 0.7929, 2.4259)
    came = [sum(day > CALIBRATED.isoformat() for day in cdnow()[key]["days"]) for key in known]
    told = [model.expected(each, 39) for each in known.values()]
    errors = [abs(e - c) for e, c in zip(told, came, strict=True)]
    assert (len(known), sum(came), sum(c > 0 for c in came)) == (2_357, 1_882, 684)
    assert (round(sum(told), 1), round(sum(errors) / 2_357, 3)) == (1_653.4, 0.785)
    assert round(fitting.correlation(list(zip(told, came, strict=True))) or 0, 3) == 0.626
    assert round(sum(PUBLISHED.alive(each) for each in known.values()) / 2_357, 3) == 0.813


@with_cdnow
@pytest.mark.parametrize(
    ("key", "expected", "alive"),
    [("00004", 1.226, 0.727), ("00111", 3.337, 0.642), ("00021", 0.203, 0.212), ("01760", 20.055, 0.969)],
)
def test_single_customers_of_cdnow_are_as_published(key: str, expected: float, alive: float) -> None:
    """Purchases expected in the next 39 weeks, and P(alive)."""
    known = histories()[key]
    assert (round(PUBLISHED.expected(known, 39), 3), round(PUBLISHED.alive(known), 3)) == (expected, alive)


def test_a_new_customer_of_cdnow_is_expected_to_come_again() -> None:
    """1.197 repeat purchases in 39 weeks, at the published parameters."""
    assert round(PUBLISHED.expected_of_new(39), 3) == 1.197


@with_cdnow
def test_the_probability_of_silence_is_calibrated_on_cdnow() -> None:
    """By decile what was predicted came true within 15 %; better than the base rate and the limit."""
    wanted = Wanted(date(1998, 6, 30), weeks=39)
    found = calculate("churn", facts.holdout(cdnow().values(), wanted))
    assert (found["n"], found["weeks"]) == (2_357, 39)
    assert all(abs(each["predicted"] - each["realised"]) < 0.15 for each in found["calibration"])
    assert found["skill"] > 0.2
    assert found["brier"] < found["brier_of_limit"]


@st.composite
def lives(draw: st.DrawFn) -> History:
    """Return any possible history."""
    age = draw(st.floats(0, 500))
    times = draw(st.integers(0, 400)) if age else 0
    return History(times, draw(st.floats(0, 1)) * age if times else 0.0, age)


@given(
    lives(),
    st.floats(0.1, 1_000),
    st.floats(0.05, 20),
    st.floats(0.1, 50),
    st.floats(0.05, 5),
    st.floats(0.1, 9),
)
def test_bgnbd_stays_within_its_bounds(
    known: History, weeks: float, r: float, alpha: float, a: float, b: float
) -> None:
    """Probabilities are between 0 and 1; expectations grow with time, never below the chance of one."""
    model = Bgnbd(r, alpha, a, b)
    assert 0 <= model.alive(known) <= 1
    assert -1e-9 <= model.stays_away(known, weeks) <= 1
    less, more = model.expected(known, weeks / 2), model.expected(known, weeks)
    assert 0 <= less <= more * (1 + 1e-6) + 1e-9
    assert more >= (1 - model.stays_away(known, weeks)) * (1 - 1e-6) - 1e-9


def test_expected_purchases_pass_smoothly_through_a_of_one() -> None:
    """The formula's gap at a = 1 does not show."""
    known = History(5, 20.0, 30.0)
    around = [Bgnbd(0.5, 5, a, 2.0).expected(known, 40) for a in (0.9999, 1.0, 1.0001)]
    assert around[0] > around[1] > around[2]
    assert isclose(around[0], around[2], rel_tol=1e-3)


def test_expected_purchases_pass_smoothly_through_a_and_b_of_one_together() -> None:
    """Nor does the gap of who has not bought again, where a + b = 1."""
    around = [Bgnbd(0.5, 5, 0.5, b).expected_of_new(40) for b in (0.4999, 0.5, 0.5001)]
    assert around[0] < around[1] < around[2]
    assert isclose(around[0], around[2], rel_tol=1e-3)


def test_the_hypergeometric_series_agrees_with_scipy() -> None:
    """Also near 1, where the series is slow."""
    from scipy.special import hyp2f1

    for a, b, c, z in [(2.0, -0.2, 3.2, 0.5), (2.9, -0.2, 30, 0.999), (0.5, 1.5, 2.5, 0.99)]:
        value, scale = hypergeometric(a, b, c, z)
        assert isclose(value * exp(scale), hyp2f1(a, b, c, z), rel_tol=1e-9)


def buyer(chance: random.Random, model: Bgnbd, weeks: float) -> History:
    """Return the history of a customer drawn from the model."""
    rate, leaves = chance.gammavariate(model.r, 1 / model.alpha), chance.betavariate(model.a, model.b)
    at, last, times = chance.expovariate(rate), 0.0, 0
    while at < weeks:
        last, times = at, times + 1
        if chance.random() < leaves:
            break
        at += chance.expovariate(rate)
    return History(times, last, weeks)


def test_bgnbd_finds_the_parameters_data_were_drawn_from() -> None:
    """6,000 generated customers over two years give the parameters back, within their spread."""
    chance, truth = random.Random(5), Bgnbd(0.8, 6.0, 0.9, 2.5)
    rows = compressed(buyer(chance, truth, 104) for _ in range(6_000))
    found, _ = fitting.fit_bgnbd(rows)
    for name, value in asdict(truth).items():
        assert isclose(asdict(found)[name], value, rel_tol=0.25), name
    assert isclose(found.expected_of_new(52), truth.expected_of_new(52), rel_tol=0.05)


def test_gammagamma_finds_the_parameters_data_were_drawn_from() -> None:
    """4,000 generated customers give the parameters back; frequency and value are unrelated."""
    chance, truth, rows = random.Random(6), GammaGamma(5.0, 4.0, 1_500.0), []
    for _ in range(4_000):
        scale = 1 / chance.gammavariate(truth.q, 1 / truth.gamma)
        times = chance.randint(1, 9)
        rows.append((times, sum(chance.gammavariate(truth.p, scale) for _ in range(times)) / times))
    found, _ = fitting.fit_gammagamma(rows)
    assert isclose(found.expected(0, 0), truth.expected(0, 0), rel_tol=0.05)
    assert isclose(found.p, truth.p, rel_tol=0.15)
    assert abs(fitting.correlation(rows) or 0) < 0.05


def test_too_little_data_say_so() -> None:
    """Nobody bought twice; too few with values; too few weeks: each gives a reason instead of numbers."""
    for work, inputs, reason in [
        ("bgnbd", {"rows": [[0, 0, 5, 9]]}, "nobody has bought twice"),
        ("gammagamma", {"rows": [[1, 500]]}, "10 are needed"),
        (
            "trend",
            {"series": [["2026-01-05", 4]], "every": "week", "periods": 2, "probability": 0.8},
            "8 are needed",
        ),
    ]:
        with pytest.raises(NoResult, match=reason):
            calculate(work, inputs)


def test_a_season_is_continued_with_an_interval() -> None:
    """Four years of months with a season: the next year's peak is found, within the stated bounds."""
    sums = [round(100_000 + 500 * n + 20_000 * sin(n / 12 * 6.2832)) for n in range(48)]
    months = [(f"{2020 + n // 12}-{n % 12 + 1:02}-01", value) for n, value in enumerate(sums)]
    found = calculate("trend", {"series": months, "every": "month", "periods": 12, "probability": 0.8})
    peak = max(found["ahead"], key=lambda each: each["expected"])
    assert found["seasonal"]
    assert peak["period"] in ("2024-04-01", "2024-05-01")
    assert all(each["low"] <= each["expected"] <= each["high"] for each in found["ahead"])


def test_periods_are_whole_and_empty_ones_count() -> None:
    """The week that runs is left out; a week without sales is 0."""
    sums = {date(2026, 1, 5): 10, date(2026, 1, 7): 5, date(2026, 1, 20): 7, date(2026, 1, 27): 9}
    found = series(sums, date(2026, 1, 28), "week")
    assert found == [("2026-01-05", 15), ("2026-01-12", 0), ("2026-01-19", 7)]


def test_discounting_takes_the_week_of_each_purchase() -> None:
    """One purchase of 100 a week: without discount its number, with it the annuity."""
    weekly = 1.1 ** (7 / 365.25)
    assert isclose(discounted(lambda weeks: weeks, 100, 52, 0.0), 5_200)
    assert isclose(discounted(lambda weeks: weeks, 100, 52, 0.1), 100 * (1 - weekly**-52) / (weekly - 1))


def test_the_survival_curve_is_kaplan_and_meiers() -> None:
    """Worked by hand: 6 agreements, ends at 6, 13, 21 and 30 days, two still running at 10 and 31."""
    steps = curve([(6, True), (13, True), (21, True), (30, True), (31, False), (10, False)])
    assert [(s.age, s.at_risk) for s in steps] == [(6, 6), (13, 4), (21, 3), (30, 2)]
    assert [round(s.survival, 4) for s in steps] == [0.8333, 0.625, 0.4167, 0.2083]
    assert median(steps) == 21
    assert round(ends_within(steps, 13, 10) or 0, 4) == round(1 - 0.41667 / 0.625, 4)
    assert ends_within(curve([(5, True)]), 5, 1) is None


def test_agreements_that_run_are_told_how_likely_they_end() -> None:
    """Half of all end at 30 days: none of those of 20 days within a week, half of them within two."""
    company = Company()
    for number, begun in (("a", 0), ("b", -50)):
        company.write("sales", "AgreementStarted", f"agreement-{number}", "c", at=BEGIN + timedelta(begun),
                      agreement_id=number)  # fmt: skip
    company.write("sales", "AgreementEnded", "agreement-b", "c", at=BEGIN, agreement_id="b")
    spec = ProjectionSpec(facts_of(AGREEMENT)).given(*company.events())
    entities = [entity_of({**spec.then(f"agreement-{n}"), "_id": f"agreement-{n}"}) for n in ("a", "b")]
    steps = [asdict(step) for step in curve([(30, True), (60, False)])]
    fitted = {"model": "survival", "version": 4, "curve": steps}
    day = (BEGIN + timedelta(days=20)).date()
    one, two = (leaving(entities, fitted, Asked(day, weeks))[0] for weeks in (1, 2))
    assert (one["agreement_id"], one["age_days"], one["ends"], one["model"]) == ("a", 20, 0.0, "survival/4")
    assert two["ends"] == 0.5
    assert leaving(entities, None, Asked(day))[0]["ends"] is None


def test_calibration_keeps_equal_predictions_together() -> None:
    """Each customer is in one decile; perfect predictions score 0, and skill compares with the base rate."""
    pairs = [(n / 100, chance) for n, chance in enumerate([False] * 50 + [True] * 50)]
    found = deciles(pairs)
    assert (sum(each.n for each in found), len(found)) == (100, 10)
    assert len(deciles([(0.5, True)] * 40)) == 1
    assert brier([(1.0, True), (0.0, False)]) == 0
    assert brier([]) is None
    assert skill([(0.5, True), (0.5, False)]) == 0


def test_silence_is_twice_the_median_gap() -> None:
    """C7: the limit is a published parameter."""
    assert silence([10, 20, 30]) == Silence(40, 20.0)
    assert silence([]) is None
    assert Silence(40, 20.0).score(20) == 0.5
    assert gaps([date(2026, 1, 9), date(2026, 1, 1), date(2026, 1, 1)]) == [8]


def bought(*orders: tuple[str, int, int]) -> dict[str, Any]:
    """Return the view of purchases `(order, day, amount)` of one customer."""
    company = Company()
    for number, day, amount in orders:
        money = {"amount": amount, "currency": "GBP"}
        moment = BEGIN + timedelta(days=day)
        company.write("sales", "OrderPlaced", f"order-{number}", "c", at=moment, order_id=number, total=money)
    return dict(ProjectionSpec(PURCHASES).given(*company.events()).then("c"))


def test_one_purchase_has_frequency_zero() -> None:
    """C7: one purchase gives frequency 0 and recency 0; a second one on the same day is no repeat."""
    days = facts.bought(bought(("a", 0, 500), ("b", 0, 700)), (BEGIN + timedelta(days=14)).date())
    assert history(days, (BEGIN + timedelta(days=14)).date()) == History(0, 0.0, 2.0)
    assert history(days, (BEGIN - timedelta(days=1)).date()) is None


def test_what_comes_back_counts_on_the_day_of_its_order() -> None:
    """A return lowers what the purchase was worth; a cancelled order is no purchase."""
    company = Company()
    for number, day in (("a", 0), ("b", 7)):
        company.write("sales", "OrderPlaced", f"order-{number}", "c", at=BEGIN + timedelta(days=day),
                      order_id=number, total={"amount": 900, "currency": "GBP"})  # fmt: skip
    back = {"order_id": "a", "value": {"amount": 400, "currency": "GBP"}}
    company.write("sales", "OrderReturned", "order-a", "c", at=BEGIN + timedelta(days=20), **back)
    company.write("sales", "OrderCancelled", "order-b", "c", at=BEGIN + timedelta(days=8), order_id="b",
                  value={"amount": 900, "currency": "GBP"})  # fmt: skip
    company.write("sales", "OrderReturned", "order-x", "c", order_id="x", value=back["value"])
    view = ProjectionSpec(PURCHASES).given(*company.events()).then("c")
    assert view["days"][BEGIN.date().isoformat()] == {"orders": 1, "value": {"GBP": 500}}
    assert facts.bought(view, date(2030, 1, 1)) == [BEGIN.date()]


def test_purchases_do_not_show_the_order_of_arrival() -> None:
    """Any interleaving of streams gives the same views."""
    company = Company(seed=3)
    populate(company, customers=4, rounds=4)
    ProjectionSpec(PURCHASES).given(*company.events())


def test_scores_name_their_models_and_can_be_made_again() -> None:
    """The same models, purchases and day give the same scores; without a model the reason is told."""
    fitted = {
        "bgnbd": {"model": "bgnbd", "version": 3, "parameters": asdict(PUBLISHED)},
        "gammagamma": {"model": "gammagamma", "version": 1, "currency": "GBP",
                       "parameters": {"p": 6.25, "q": 3.74, "gamma": 1_544.0}},
        "churn": {"model": "churn", "version": 2, "limit_days": 40, "median_gap": 20.0},
    }  # fmt: skip
    view, asked = (
        bought(("a", 0, 500), ("b", 10, 700), ("c", 30, 900)),
        Asked((BEGIN + timedelta(days=90)).date()),
    )
    found = scores(view, fitted, asked)
    assert found == scores(view, fitted, asked)
    assert found["alive"]["model"] == "bgnbd/3"
    assert 0 < found["alive"]["value"] < 1
    assert found["lifetime_value"]["models"] == ["bgnbd/3", "gammagamma/1"]
    assert found["silence"]["reasons"] == ["silent_for_long", "later_than_usual"]
    assert scores(view, {}, asked)["alive"] == {"value": None, "reason": "the model has not been fitted yet"}
    assert scores({"days": {}}, fitted, asked)["purchases"] is None


def test_a_model_is_out_of_date_after_a_week_or_a_tenth_more_orders() -> None:
    """Without a new order nothing would change, however long ago the fit was."""
    known = {"orders": 2_000, "fitted_at": BEGIN}
    assert not out_of_date(known, 2_000, BEGIN + timedelta(days=300))
    assert not out_of_date(known, 2_199, BEGIN + timedelta(days=6))
    assert out_of_date(known, 2_200, BEGIN + timedelta(hours=1))
    assert out_of_date(known, 2_001, BEGIN + timedelta(days=7))
