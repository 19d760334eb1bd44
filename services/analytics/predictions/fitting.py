"""Maximum likelihood with scipy: runs in a process of its own, for it needs the whole core and 100 MB."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from services.analytics.predictions.bgnbd import Bgnbd
from services.analytics.predictions.gammagamma import GammaGamma

Rows = Sequence[Sequence[float]]
MOST = 8.0  # parameters are sought between exp(-8) and exp(8): beyond, customers do not differ


class NoFit(Exception):
    """The data do not lead to parameters; the text says why."""


def fit_bgnbd(rows: Rows) -> tuple[Bgnbd, float]:
    """Return the parameters and the log-likelihood of (frequency, recency, age, customers) rows."""
    if not any(row[0] for row in rows):
        raise NoFit("nobody has bought twice")
    table = np.asarray(rows, float)
    found, likelihood = _best(lambda p: bgnbd_likelihood(table, *p), [(0, 1, 0, 1), (-1, 2, -1, 1)])
    return Bgnbd(*found), likelihood


def bgnbd_likelihood(table: Any, r: float, alpha: float, a: float, b: float) -> float:
    """Return the log-likelihood (equation 6 of Fader, Hardie and Lee 2005), summed in logarithms."""
    x, recency, age, n = table.T
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    share = betaln(a, b + x) - betaln(a, b)
    stayed = -(r + x) * np.log(alpha + age)
    left = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency)
    either = np.where(x > 0, np.logaddexp(stayed, left), stayed)
    return float(np.sum(n * (rate + share + either)))


def fit_gammagamma(rows: Rows) -> tuple[GammaGamma, float]:
    """Return the parameters and the log-likelihood of (repeat purchases, mean value) rows."""
    table = np.asarray(rows, float).reshape(-1, 2)
    if len(table) < 10:
        raise NoFit(
            f"{len(table)} customers with repeat purchases of a value above 0 are too few; 10 are needed"
        )
    scale = float(np.mean(table[:, 1]))
    table = table / [1, scale]
    found, likelihood = _best(lambda p: gammagamma_likelihood(table, *p), [(0, 1, 0), (1, 1, 1)])
    p, q, gamma = found
    return GammaGamma(p, q, gamma * scale), likelihood - len(table) * float(np.log(scale))


def gammagamma_likelihood(table: Any, p: float, q: float, gamma: float) -> float:
    """Return the log-likelihood (equation 1a of Fader and Hardie 2013)."""
    x, mean = table.T
    shape = p * x
    heads = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
    return float(
        np.sum(
            heads + (shape - 1) * np.log(mean) + shape * np.log(x) - (shape + q) * np.log(gamma + x * mean)
        )
    )


def correlation(rows: Rows) -> float | None:
    """Return Pearson's correlation of frequency and mean value, None when either never differs."""
    table = np.asarray(rows, float).reshape(-1, 2)
    if len(table) < 2 or not np.ptp(table, axis=0).all():
        return None
    return float(np.corrcoef(table.T)[0, 1])


def _best(likelihood: Any, starts: Sequence[Sequence[float]]) -> tuple[list[float], float]:
    """Return the parameters, all positive, of the highest likelihood over several starts."""
    results = [
        minimize(
            lambda logs: -likelihood(np.exp(logs)), start, method="L-BFGS-B",
            bounds=[(-MOST, MOST)] * len(start), options={"maxiter": 5_000, "ftol": 1e-13, "gtol": 1e-7},
        )
        for start in starts
    ]  # fmt: skip
    best = min(results, key=lambda found: found.fun)
    if not np.isfinite(best.fun) or np.any(np.abs(best.x) > MOST - 1e-6):
        raise NoFit("the likelihood grows without end: the data do not tell the parameters")
    return [float(v) for v in np.exp(best.x)], -float(best.fun)


def parameters(model: Any) -> dict[str, float]:
    """Return the parameters of a model by name."""
    return asdict(model)
