"""Segments: a rule picks customers by facts; the language, its facts, and the one pure evaluator."""

from shared.segments.evaluate import Verdict, evaluate
from shared.segments.facts import Facts
from shared.segments.language import wrong

__all__ = ["Facts", "Verdict", "evaluate", "wrong"]
