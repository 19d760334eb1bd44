"""How the organisation works with what it knows: how late facts are entered."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from services.analytics.metrics.customers import spread
from services.analytics.metrics.metric import Figure, Metric, Row
from services.analytics.metrics.question import Question
from services.analytics.metrics.sources import Entities
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_contacts import INTERACTION

RECORDED = "InteractionRecorded"


def delays(interaction: Entity, question: Question) -> Iterator[Row]:
    """Yield the seconds from an interaction of the window to its being recorded."""
    first = interaction.first(RECORDED)
    if first and question.window.since <= first.at < question.window.to:
        seconds = max(0, int((first.recorded_at - first.at) / timedelta(seconds=1)))
        dims = {"channel": first.channel, "kind": first.data.get("kind", "")}
        yield Row(day_of(first.at), dims, {"seconds": seconds}, first.customer)


def entry_delay(rows: Sequence[Row], _: Question) -> Figure:
    """Median hours from the interaction to its being recorded."""
    found = spread([row.values["seconds"] for row in rows], "no interaction in the window")
    value = None if found.value is None else Fraction(found.value) / 3_600
    hours = {name: Fraction(part) / 3_600 for name, part in found.detail.items()}
    return Figure(value, found.n, reason=found.reason, detail=hours)


OPERATION_METRICS: tuple[Metric, ...] = (
    Metric(
        "entry_delay", 1, "Entry delay",
        "median hours from an interaction to its being recorded (recorded_at - occurred_at), visits left out",
        "hours", (RECORDED,), Entities(INTERACTION, (RECORDED,), delays, ("channel", "kind")), entry_delay,
        owner="operations", group="value to employees",
    ),
)  # fmt: skip
