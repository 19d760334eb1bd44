"""Deals that stand still: measured by what their stage usually takes (row 57)."""

from datetime import timedelta

from services.analytics.metrics.stalled import stalled
from services.analytics.views.facts import entity_of
from services.analytics.views.facts_sales import DEAL
from tests.company import BEGIN
from tests.unit.analytics.metrics.folded import Folded
from tests.unit.analytics.metrics.test_worked_checks import Deals

DAY = timedelta(days=1)


def found(deals: Deals, at: float, default: float = 14) -> list[tuple[str, float, float]]:
    """Return the stalled deals: which, silent for how long, against which norm."""
    views = Folded(deals.company.events()).entities(DEAL, ["OpportunityOpened:2026-01"])
    known = stalled([entity_of(view) for view in views], BEGIN + at * DAY, default)
    return [(each.deal, each.days, each.norm_days) for each in known]


def test_row_57_deals_silent_beyond_the_norm_of_their_stage_are_listed():
    """Three deals took 2, 4 and 9 days: 4 is usual. Any activity starts the silence anew."""
    deals = Deals()
    for number, days in enumerate((2, 4, 9)):
        deals.open(str(number), BEGIN)
        deals.won(str(number), BEGIN + days * DAY)
    for number in ("slow", "fresh"):
        deals.open(number, BEGIN)
    deals.write("NextStepPlanned", "fresh", BEGIN + 8 * DAY, due_at="2026-02-01T00:00:00Z")

    assert found(deals, 10) == [("slow", 10.0, 4.0)]
    assert found(deals, 13) == [("slow", 13.0, 4.0), ("fresh", 5.0, 4.0)]


def test_a_stage_nobody_has_left_has_the_default():
    """Two weeks, unless told otherwise."""
    deals = Deals()
    deals.open("only", BEGIN)

    assert found(deals, 14) == []
    assert found(deals, 15) == [("only", 15.0, 14.0)]
    assert found(deals, 4, default=3) == [("only", 4.0, 3.0)]
