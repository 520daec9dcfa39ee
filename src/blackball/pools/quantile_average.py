"""Averages of quantiles: the mean, the median or the trimmed mean of what experts state at each level.

Lichtendahl, K. C., Grushka-Cockayne, Y., & Winkler, R. L. (2013). Is it better to average probabilities or
quantiles? Management Science, 59(7), 1594-1611. https://doi.org/10.1287/mnsc.1120.1667
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import trim_mean

from blackball.pools.distribution import Distribution
from blackball.pools.odds import TRIMMED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blackball.pools.answers import Answers

    Floats = NDArray[np.float64]

__all__ = ["quantile_mean", "quantile_median", "quantile_trimmed_mean", "through"]


def quantile_mean(answers: Answers, question: int) -> Distribution:
    """Return the distribution whose quantiles are the means of the experts' quantiles."""
    return through(answers, question, _stated(answers, question).mean(axis=0))


def quantile_median(answers: Answers, question: int) -> Distribution:
    """Return the distribution whose quantiles are the medians of the experts' quantiles.

    Hora, S. C., Fransen, B. R., Hawkins, N., & Susel, I. (2013). Median aggregation of distribution functions.
    Decision Analysis, 10(4), 279-291. https://doi.org/10.1287/deca.2013.0282
    """
    return through(answers, question, np.median(_stated(answers, question), axis=0))


def quantile_trimmed_mean(answers: Answers, question: int) -> Distribution:
    """Return the distribution whose quantiles are means that leave out a fifth of the answers at either end.

    Jose, V. R. R., Grushka-Cockayne, Y., & Lichtendahl, K. C. (2014). Trimmed opinion pools and the crowd's
    calibration problem. Management Science, 60(2), 463-475. https://doi.org/10.1287/mnsc.2013.1781
    """
    return through(answers, question, np.asarray(trim_mean(_stated(answers, question), TRIMMED, axis=0)))


def through(answers: Answers, question: int, values: Floats) -> Distribution:
    """Return the distribution that has these quantiles at the answers' levels, and ends with the intrinsic range."""
    ends = answers.low[question], answers.high[question]
    return Distribution(np.concatenate([ends[:1], values, ends[1:]]), np.concatenate([[0.0], answers.levels, [1.0]]))


def _stated(answers: Answers, question: int) -> Floats:
    stated: Floats = answers.values[question][answers.answered[question]]
    return stated
