"""The pipeline with other stage probabilities, beside what is in force, and which of both came true. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.analytics.metrics.closings import CLOSING, closing
from services.analytics.metrics.forecast import forecast, probability
from services.analytics.metrics.openings import MOVES
from services.analytics.metrics.question import Question
from services.analytics.predictions.calibration import brier
from services.analytics.views.facts import Entity, Fact

Percents = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Visit:
    """A deal was in a stage; `current` percent was in force when it left it, and it was won or lost later."""

    stage: str
    current: int
    won: bool


def stage(fact: Fact) -> str:
    """Return the stage that a move leads to."""
    return str(fact.data.get("to_stage") or fact.data.get("stage"))


def proposed_of(deal: Entity, proposed: Percents) -> int:
    """Return the percent of a deal: as proposed for its stage, but what somebody knew better stays (S-7)."""
    last, moved = deal.last(*MOVES, "ProbabilityOverridden"), deal.last(*MOVES)
    if last is None or moved is None or last.type == "ProbabilityOverridden":
        return probability(deal)
    return proposed.get(stage(moved), probability(deal))


def weighed(deals: Iterable[Entity], question: Question, proposed: Percents) -> dict[str, Any]:
    """Return what is won in the window and the weighted value of what is open, both ways, by stage."""
    won, stages = 0, dict[str, dict[str, Any]]()
    for deal in deals:
        for row in forecast(deal, question):
            if row.dims.get("currency") != question.currency:
                continue
            won += row.values.get("won_value", 0)
            if row.values.get("open"):
                _add(stages, deal, row.values, proposed)
    sums = {name: won + sum(line[name] for line in stages.values()) for name in ("current", "proposed")}
    change = {"difference": _rounded(sums["proposed"] - sums["current"])}
    told = {name: {key: _rounded(v) for key, v in line.items()} for name, line in sorted(stages.items())}
    return {"won": won, **{name: _rounded(v) for name, v in sums.items()}, **change, "stages": told}


def _add(
    stages: dict[str, dict[str, Any]], deal: Entity, values: Mapping[str, int], proposed: Percents
) -> None:
    moved = deal.last(*MOVES)
    line = stages.setdefault(
        stage(moved) if moved else "", {"deals": 0, "value": 0, "current": 0, "proposed": 0}
    )
    line["deals"] += 1
    line["value"] += values["open_value"]
    line["current"] += Fraction(values["weighted"], 100)
    line["proposed"] += Fraction(values["open_value"] * proposed_of(deal, proposed), 100)


def _rounded(value: Fraction | int) -> int:
    return round(value)


def visits(deal: Entity) -> Iterable[Visit]:
    """Yield the stages that a closed deal was in, each once, with the percent in force when it left it."""
    closed, found = closing(deal), dict[str, int]()
    if closed is None:
        return []
    where = ""
    for fact in deal.facts:
        if fact.type in MOVES:
            where = stage(fact)
            found[where] = int(fact.data.get("probability_to", fact.data.get("probability", 0)))
        elif fact.type == "ProbabilityOverridden" and where:
            found[where] = int(fact.data["probability_to"])
    won = closed.type == CLOSING[0]
    return [Visit(name, percent, won) for name, percent in found.items()]


def calibrated(deals: Iterable[Entity], proposed: Percents) -> dict[str, Any]:
    """Return by stage how many of the closed deals that were in it were won, beside both percents."""
    known = [visit for deal in deals for visit in visits(deal)]
    stages = []
    for name in sorted({visit.stage for visit in known}):
        here = [visit for visit in known if visit.stage == name]
        won, current = sum(v.won for v in here), sum(v.current for v in here)
        stages.append({
            "stage": name, "n": len(here), "won": won, "realised": 100 * won / len(here),
            "current": current / len(here), "proposed": proposed.get(name, current / len(here)),
        })  # fmt: skip
    told = {
        "current": [(v.current / 100, v.won) for v in known],
        "proposed": [(proposed.get(v.stage, v.current) / 100, v.won) for v in known],
    }
    return {"stages": stages, "n": len(known), "brier": {name: brier(pairs) for name, pairs in told.items()}}
