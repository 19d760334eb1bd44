"""Objectives and initiatives measure by the catalogue of metrics."""

from datetime import timedelta
from fractions import Fraction

from services.analytics.domain.figure import Measured
from services.analytics.metrics import metric_of
from services.analytics.metrics.engine import measured
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.objectives.measuring import Asked
from shared.errors import FieldError, Invalid, NotFound
from shared.project.entry import Until

DIGITS = 12


class ByCatalogue:
    """Measures with exact fractions, told as decimals of up to twelve digits."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __call__(self, asked: Asked) -> Measured:
        """Return what was measured. Raises Invalid at the field that names what there is not."""
        try:
            metric = metric_of(asked.metric_id, asked.version)
        except NotFound as error:
            raise Invalid(FieldError("/metric_id", str(error))) from error
        since = asked.until - timedelta(days=asked.window_days)
        clocks = Until(asked.until, asked.known_at)
        try:
            question = Question(Window(since, asked.until), clocks, scope_of(asked.scope))
            figure = measured(metric, question, self._reader).figure
        except Invalid as error:
            wrong = (FieldError(asked.scope_at, each.detail) for each in error.errors)
            raise Invalid(*wrong) from error
        return Measured(
            metric.id, metric.version, asked.scope, since, asked.until, asked.until, asked.known_at,
            None if figure.value is None else decimal_of(figure.value), metric.unit, figure.n, figure.reason,
        )  # fmt: skip


def decimal_of(value: int | Fraction) -> str:
    """Return a number as a decimal text, rounded to twelve digits, halves away from zero."""
    scaled = Fraction(value) * 10**DIGITS
    whole = int(abs(scaled) + Fraction(1, 2))
    digits = f"{whole // 10**DIGITS}.{whole % 10**DIGITS:0{DIGITS}}".rstrip("0").rstrip(".")
    return f"-{digits}" if scaled < 0 and whole else digits
