"""Moments in questions to analytics: what cannot be meant is refused by name."""

from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from services.analytics.api.exports import ExportQuery
from services.analytics.api.impact import ImpactQuery
from services.analytics.api.queries import ClockQuery
from services.analytics.api.reports import RenderingQuery
from services.analytics.api.what_if import PipelineWindow
from services.analytics.metrics.service import rates_of
from shared.errors import Invalid

DOORS = [ClockQuery, ExportQuery, RenderingQuery, PipelineWindow]
WINDOW = {"from": "2026-01-01", "to": "2026-02-01", "probabilities": {"won": 1}}


def asked(door: type[Schema], **clocks: str) -> dict[str, Any]:
    """Return what a door understands of a question."""
    window = WINDOW if door is PipelineWindow else {}
    return dict(door().load({**window, **clocks}))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("clock", ["as_of", "known_at"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0001-01-01T00:00:00+05:00", "between 1900 and 2200"),
        ("9999-12-31T23:59:59-05:00", "between 1900 and 2200"),
        ("2026-05-01", "an offset from UTC"),
        ("yesterday", "a moment with its offset"),
    ],
)
def test_a_clock_is_a_moment_of_a_calendar_that_can_be_counted_with(
    door: type[Schema], clock: str, text: str, reason: str
) -> None:
    """Every door with two clocks refuses what is none, and says why under the clock's name."""
    with pytest.raises(ValidationError) as refused:
        asked(door, **{clock: text})
    assert isinstance(refused.value.messages, dict)
    assert reason in refused.value.messages[clock][0]


def test_a_clock_is_understood_in_utc() -> None:
    """An offset is taken into account; the future may be asked for."""
    found = asked(ClockQuery, as_of="2026-05-01T02:00:00+02:00", known_at="2199-01-01T00:00:00Z")
    assert found["as_of"] == datetime(2026, 5, 1, tzinfo=UTC)
    assert (found["as_of"].tzinfo, found["known_at"].year) == (UTC, 2199)
    with pytest.raises(ValidationError):
        ImpactQuery().load({"to": "9999-12-31T23:59:59Z"})


@pytest.mark.parametrize("rates", ["email=-1", f"email={10**20}", "email", "email=x"])
def test_a_rate_is_an_amount_that_can_be_paid(rates: str) -> None:
    """Neither below nothing nor beyond what an integer holds; the parameter is named."""
    with pytest.raises(Invalid) as refused:
        rates_of(rates)
    assert refused.value.errors[0].pointer == "?rates"
