"""Government competence: one cause that good versions of different regimes share.

Claim: a regime that a government carries out works as well as the government does. Were a capable government to make
licensing work, it would make the one project work too, so that regimes are not good or bad independently. One
standard score c, common to all regimes and parameters, moves each parameter of each regime by its loading b on the
scale on which effects add (a one-factor model; Spearman, American Journal of Psychology 1904, 10.2307/1412107):

    log odds p(c) = log odds p + b c,    log x(c) = log x + b c,    y(c) = y + b c

with b = 0 where a government has no part. Two regimes' log odds then correlate through c, by b b' over their spreads.
`blackball.modelling.quantities` adds the same to what regimes shift.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms import ranges
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import shifted
from blackball.mechanisms.shared_dims import agree

__all__ = ["shifted_positive", "shifted_probability", "shifted_real"]


def shifted_probability(probability: Labelled, loading: Labelled, competence: Labelled) -> Tensor:
    """Probability under a government of some competence.

    Parameters
    ----------
    probability : Labelled
        p, at competence 0, in [0, 1].
    loading : Labelled
        b, the log odds that one standard deviation of competence adds; any real number.
    competence : Labelled
        c, in standard deviations; any real number.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together: p itself at b c = 0; rises with b c unless p is 0 or 1,
        which no competence moves.

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"probability": probability, "loading": loading, "competence": competence})
    added = ranges.finite("loading", loading) * ranges.finite("competence", competence)
    return shifted(ranges.probability("probability", probability), added)[0]


def shifted_positive(value: Labelled, loading: Labelled, competence: Labelled) -> Tensor:
    """Positive quantity under a government of some competence, ``x exp(b c)``.

    Parameters
    ----------
    value : Labelled
        x > 0, at competence 0.
    loading : Labelled
        b, what one standard deviation of competence adds to log x; any real number.
    competence : Labelled
        c, in standard deviations; any real number.

    Returns
    -------
    XTensorVariable
        In the unit of x, with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"value": value, "loading": loading, "competence": competence})
    added = ranges.finite("loading", loading) * ranges.finite("competence", competence)
    return ranges.positive("value", value) * px.math.exp(added)


def shifted_real(value: Labelled, loading: Labelled, competence: Labelled) -> Tensor:
    """Real quantity under a government of some competence, ``y + b c``.

    Parameters
    ----------
    value : Labelled
        y, at competence 0; any real number.
    loading : Labelled
        b, in the unit of y.
    competence : Labelled
        c, in standard deviations.

    Returns
    -------
    XTensorVariable
        In the unit of y, with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is not finite, or two arrays disagree about a dim.
    """
    agree({"value": value, "loading": loading, "competence": competence})
    added = ranges.finite("loading", loading) * ranges.finite("competence", competence)
    return ranges.finite("value", value) + added
