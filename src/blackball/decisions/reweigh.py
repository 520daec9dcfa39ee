"""What a reader with another belief about a quantity would conclude: posterior draws, weighed anew.

The posterior is prior times likelihood, and quantities are independent under the prior, standard normal on their link
scale once standardised. To believe N(c, w^2) of one in place of N(0, 1) multiplies the posterior by the ratio of the
two densities, so that each draw z counts

    weight = exp(z^2 / 2 - (z - c)^2 / (2 w^2)) / sum of the same over draws

(importance sampling; Geweke, Econometrica 1989, 10.2307/1913710). A belief no wider than the prior, w <= 1, keeps the
weights bounded where the likelihood says nothing. The judgements still count: this is what the reader's posterior
would be, not an intervention.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from blackball.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

__all__ = ["Belief", "effective_draws", "weights"]


@dataclass(frozen=True)
class Belief:
    """A normal belief about a quantity on its link scale, held before the judgements.

    Attributes
    ----------
    centre : float
        Its median, in the model's prior standard deviations above the model's prior median.
    width : float
        Its standard deviation as a share of the prior's, in (0, 1].
    """

    centre: float = 0.0
    width: float = 1.0


def weights(scores: xr.DataArray, beliefs: Mapping[str, Belief]) -> xr.DataArray:
    """Weigh posterior draws as other beliefs would.

    Parameters
    ----------
    scores : DataArray
        Dims sample and quantity: posterior draws of each quantity on its link scale, less its prior mean, over its
        prior standard deviation.
    beliefs : mapping of str to Belief
        By quantity; the others keep their prior.

    Returns
    -------
    DataArray
        Dim sample; not negative, with sum 1.

    Raises
    ------
    InputError
        If a belief is about no quantity of `scores`, its centre is not finite, or its width outside (0, 1].
    """
    _check(beliefs, scores["quantity"].values.tolist())
    import xarray as xr

    log_weight = xr.zeros_like(scores.isel(quantity=0, drop=True))
    for name, belief in beliefs.items():
        score = scores.sel(quantity=name, drop=True)
        log_weight = log_weight + (score**2 - ((score - belief.centre) / belief.width) ** 2) / 2
    # The largest is taken out first: far from the prior all would underflow to 0.
    weight: xr.DataArray = xr.ufuncs.exp(log_weight - log_weight.max())
    return weight / weight.sum()


def effective_draws(weight: xr.DataArray) -> float:
    """Return how many equally weighted draws say as much: ``1 / sum(weight^2)`` (Kish, "Survey sampling", 1965).

    Parameters
    ----------
    weight : DataArray
        From `weights`.
    """
    return float(1 / (weight**2).sum())


def _check(beliefs: Mapping[str, Belief], valid: list[str]) -> None:
    problems = [
        Problem("beliefs", f"is no quantity that can be weighed (valid: {', '.join(valid)})", value=name)
        for name in beliefs
        if name not in valid
    ]
    problems += [
        Problem("beliefs", "must be a finite centre and a width in (0, 1]", column=name, value=belief)
        for name, belief in beliefs.items()
        if not (np.isfinite(belief.centre) and 0 < belief.width <= 1)
    ]
    if problems:
        raise InputError(problems)
