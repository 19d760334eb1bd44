"""Stages and their default probabilities, as data."""

from dataclasses import dataclass

from shared.values import Code


@dataclass(frozen=True, slots=True)
class Stage:
    """An open stage and the probability, in percent, that a deal in it is won."""

    code: str
    probability: int


STAGES = (
    Stage("Prospecting", 10),
    Stage("Engaging", 40),
    Stage("Proposing", 60),
    Stage("Negotiating", 80),
)
FIRST = STAGES[0]
# Closed stages as the reporting system names them.
WON, LOST = "Won", "Lost"
DEFAULT_PIPELINE = "default"


def probability_of(stage: Code, otherwise: int) -> int:
    """Return a stage's default; a stage of somebody's own keeps the probability in force."""
    return next((s.probability for s in STAGES if s.code == stage), otherwise)
