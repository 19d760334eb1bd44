"""Gamma-Gamma: what a purchase of a customer is worth on average, given what the earlier ones were.

P. S. Fader, B. G. S. Hardie (2013): The Gamma-Gamma Model of Monetary Value, brucehardie.com/notes/025. It
assumes that how much is spent has nothing to do with how often: their correlation is reported with every fit.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Values of a customer's purchases are Gamma(p, nu); nu differs between customers as Gamma(q, gamma)."""

    p: float
    q: float
    gamma: float

    def expected(self, purchases: int, mean: float) -> float:
        """Return the expected value of a purchase after so many repeat purchases of this mean (equation 5).

        Without any it is the mean of all customers, p * gamma / (q - 1); it needs q > 1.
        """
        return self.p * (self.gamma + purchases * mean) / (self.p * purchases + self.q - 1)
