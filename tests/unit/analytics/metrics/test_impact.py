"""Which process customers feel: the planted one comes first (row 116)."""

import random

import pytest

from services.analytics.metrics.impact import impacts, spearman
from services.analytics.metrics.question import Question
from services.analytics.metrics.reader import Reader
from tests.unit.analytics.metrics.folded import Folded
from tests.unit.analytics.metrics.test_service import FRIDAY, HOUR, MAY, MINUTE, Desk


def test_row_116_the_process_that_was_planted_comes_first():
    """The score falls with the time of the first response; the resolution takes any time."""
    desk, chance = Desk(), random.Random(1)
    for number in range(30):
        desk.opened(number)
        desk.replied(number, FRIDAY + (5 - number % 5) * 10 * MINUTE)
        desk.resolved(number, FRIDAY + chance.randrange(5, 50) * HOUR)
        said = {"kind": "csat", "score": 1 + number % 5, "low": False, "ticket_id": str(number)}
        desk.survey(number, "SurveyResponded", FRIDAY + 60 * HOUR, **said)

    first, *others = impacts(Reader(Folded(desk.company.events())), Question(MAY), "csat")
    assert (first.process, first.correlation, first.n) == ("first_response", -1.0, 30)
    assert all(abs(each.correlation or 0) < 0.5 for each in others)
    assert impacts(Reader(Folded([])), Question(MAY), "csat")[0].correlation is None


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(1, 1), (2, 2), (3, 3)], 1.0),
        ([(1, 9), (2, 5), (3, 1)], -1.0),
        ([(1, 1), (1, 2), (1, 3)], None),
        ([(1, 1), (2, 2)], None),
        ([(106, 7), (100, 27), (86, 2), (101, 50), (99, 28), (103, 29), (97, 20), (113, 12), (112, 6),
          (110, 17)], -0.175758),
    ],
)  # fmt: skip
def test_ranks_correlate(pairs, expected):
    """The last one is the textbook's: hours of television against intelligence, -29 / 165."""
    assert spearman(pairs) == expected
