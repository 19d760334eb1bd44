"""BG/NBD: how often customers come back, and whether they still do, where nobody says goodbye.

P. S. Fader, B. G. S. Hardie, K. L. Lee (2005): "Counting Your Customers" the Easy Way: An Alternative to the
Pareto/NBD Model, Marketing Science 24(2), 275-284; equation numbers are those of the paper. The Gaussian
hypergeometric function is used in its Euler form, so that nothing overflows however often somebody buys.
"""

from dataclasses import dataclass
from math import exp, expm1, inf, log, log1p

from services.analytics.predictions.history import History

PRECISION, MOST_TERMS, LARGE = 1e-14, 200_000, 1e200
NEAR_ONE = 1e-7


@dataclass(frozen=True, slots=True)
class Bgnbd:
    """Purchases come at a rate drawn from Gamma(r, alpha); after each, a share from Beta(a, b) stays away."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, known: History) -> float:
        """Return the probability that the customer still buys (Fader, Hardie and Lee 2008, note on P(alive)).

        It is 1 without a repeat purchase: in this model nobody leaves before buying again.
        """
        return 1 / (1 + self._gone(known))

    def expected(self, known: History, weeks: float) -> float:
        """Return the purchases expected in the next weeks (equation 10)."""
        if weeks <= 0:
            return 0.0
        x = known.frequency
        a = self._a(x)
        z = weeks / (self.alpha + known.age + weeks)
        series, scale = hypergeometric(a + self.b - 1 - self.r, a - 1, a + self.b + x - 1, z)
        come = (a + self.b + x - 1) / (a - 1) * (1 - exp((a - 1) * log1p(-z) + scale) * series)
        return come / (1 + self._gone(known))

    def expected_of_new(self, weeks: float) -> float:
        """Return the repeat purchases expected of a new customer (equation 9)."""
        return self.expected(History(0, 0.0, 0.0), weeks)

    def stays_away(self, known: History, weeks: float) -> float:
        """Return the probability of no purchase in the next weeks.

        Who is alive has a rate from Gamma(r + x, alpha + T), whatever the dropout: the posterior of the
        paper's section 4; so none comes with ((alpha + T) / (alpha + T + t)) ** (r + x).
        """
        share = weeks / (self.alpha + known.age + weeks)
        none = exp((self.r + known.frequency) * log1p(-share))
        return 1 - self.alive(known) * (1 - none)

    def left_after(self, known: History, chance: float) -> float:
        """Return the weeks of silence after which the probability of having left is `chance`; inf for never.

        It solves `alive` for the silence.
        """
        x = known.frequency
        if x == 0 or chance >= 1:
            return inf
        odds = chance / (1 - chance) * (self.b + x - 1) / self.a
        return max(0.0, expm1(min(700.0, log(odds) / (self.r + x))) * (self.alpha + known.recency))

    def _gone(self, known: History) -> float:
        """Return the odds of having left."""
        x = known.frequency
        if x == 0:
            return 0.0
        silence = (known.age - known.recency) / (self.alpha + known.recency)
        return self.a / (self.b + x - 1) * exp(min(700.0, (self.r + x) * log1p(silence)))

    def _a(self, x: int) -> float:
        # The formula has removable gaps at a = 1 and a + b + x = 1; so near to them the value changes less
        # than is printed.
        near = any(abs(gap) < NEAR_ONE for gap in (self.a - 1, self.a + self.b + x - 1))
        return self.a + 2 * NEAR_ONE if near else self.a


def hypergeometric(a: float, b: float, c: float, z: float) -> tuple[float, float]:
    """Return 2F1(a, b; c; z) for 0 <= z < 1 as (value, logarithm of what it is to be multiplied with).

    The power series of Abramowitz and Stegun 15.1.1, scaled down on the way: for large parameters its value
    is beyond the floating point numbers although what it is multiplied with is as small.
    """
    term = total = 1.0
    scale = 0.0
    for n in range(MOST_TERMS):
        term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        total += term
        if abs(term) <= PRECISION * abs(total):
            break
        if abs(total) > LARGE:
            term, total, scale = term / LARGE, total / LARGE, scale + log(LARGE)
    return total, scale
