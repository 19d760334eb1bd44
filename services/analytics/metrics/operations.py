"""How the organisation works with what it knows: how late facts are entered, how long nothing came."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import partial

from services.analytics.metrics.customers import spread
from services.analytics.metrics.durations import HOUR
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_contacts import INTERACTION

RECORDED = "InteractionRecorded"


def delays(interaction: Entity, question: Question) -> Iterator[Row]:
    """Yield when an interaction of the window was, and the seconds to its being recorded."""
    first = interaction.first(RECORDED)
    if first and question.window.since <= first.at < question.window.to:
        seconds = max(0, int((first.recorded_at - first.at) / timedelta(seconds=1)))
        dims = {"channel": first.channel, "kind": first.data.get("kind", "")}
        values = {"seconds": seconds, "at": int(first.at.timestamp())}
        yield Row(day_of(first.at), dims, values, first.customer)


def entry_delay(rows: Sequence[Row], _: Question) -> Figure:
    """Median hours from the interaction to its being recorded."""
    found = spread([row.values["seconds"] for row in rows], "no interaction in the window")
    value = None if found.value is None else Fraction(found.value) / HOUR
    hours = {name: Fraction(part) / HOUR for name, part in found.detail.items()}
    return Figure(value, found.n, reason=found.reason, detail=hours)


def silence(rows: Sequence[Row], question: Question) -> Figure:
    """Hours from the last interaction to the end."""
    if not rows:
        return Figure(None, 0, reason="no interaction in the window")
    seconds = int(question.end.timestamp()) - max(row.values["at"] for row in rows)
    return Figure(Fraction(seconds, HOUR), len(rows))


define = partial(
    Metric, inputs=(RECORDED,), source=Entities(INTERACTION, (RECORDED,), delays, ("channel", "kind")),
    owner="operations",
)  # fmt: skip

OPERATION_METRICS: tuple[Metric, ...] = (
    define(
        "entry_delay", 1, "Entry delay",
        "median hours from an interaction to its being recorded (recorded_at - occurred_at), visits left out",
        "hours", measure=entry_delay, group="value to employees",
    ),
    define(
        "silence", 1, "Silence",
        "hours from the last interaction in the window to its end, or to as_of; visits left out",
        "hours", measure=silence, group="information",
    ),
)  # fmt: skip
