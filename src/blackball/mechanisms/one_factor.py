"""The urn when projects differ, in how bad their draws are and in how many they make.

Claim: projects share a fate (a common state of alignment science, z) and differ in how well they do given it.
The one-factor probit (Vasicek, "The distribution of loan portfolio value", Risk 2002) makes draw chances
Phi((Phi^-1(p_k) - sqrt(r) z) / sqrt(1-r)) under z, so that

    any = 1 - E_z prod_k (1 - Phi((Phi^-1(p_k) - sqrt(r) z) / sqrt(1-r)))^n_k,    z ~ Normal(0, 1)

and r is here the correlation of the latent scores, not of the draws themselves. As r -> 1 with many draws the
integrand nears a step, which Gauss-Hermite nodes resolve slowly (an error of 2e-3 with 200 of them); the
trapezoidal rule of `blackball.mechanisms.normal` converges geometrically on it.
"""

from __future__ import annotations

import numpy as np
import pytensor.xtensor as px
from pytensor.xtensor.type import as_xtensor

from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import TINY
from blackball.mechanisms.normal import average, log_upper_tail, nodes
from blackball.mechanisms.ranges import at_least, probability
from blackball.mechanisms.shared_dims import has

__all__ = ["any_bad_unequal"]


def any_bad_unequal(bad: Labelled, draws: Labelled, shared_fate: Labelled = 0.0, dim: str = "project") -> Tensor:
    """Chance that at least one draw of any project is bad, when projects differ and share a fate.

    Parameters
    ----------
    bad : Labelled
        p_k, the chance that a given draw of project k is bad, in [0, 1].
    draws : Labelled
        n_k, the number of draws that project k makes, real and >= 0.
    shared_fate : Labelled, optional
        r, the correlation of the latent scores of any two draws, in [0, 1]; above 0.9 only roughly.
    dim : str, optional
        Dim that counts projects; `bad` or `draws` must have it.

    Returns
    -------
    XTensorVariable
        Probability without `dim`, within 1e-6 (absolute) for r <= 0.9 and n up to 1e4.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    z = as_xtensor(nodes(), dims=("_fate",))
    n = at_least(0.0, "draws", draws)
    p = px.math.clip(probability("bad", bad), TINY, 1 - 2.0**-53)
    has(dim, "bad (times draws)", p * n)
    # sqrt(r) has no slope at 0 though `any` has one: 1e-12 more correlation than asked for is invisible.
    r = px.math.minimum(probability("shared_fate", shared_fate), 1 - 1e-6) + 1e-12
    threshold = -np.sqrt(2) * px.math.erfcinv(2 * p)
    score = (threshold - px.math.sqrt(r) * z) / px.math.sqrt(1 - r)
    none_bad = (n * log_upper_tail(score)).sum(dim)
    return average(-px.math.expm1(none_bad), "_fate")
