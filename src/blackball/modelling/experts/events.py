"""Seeds that are events: what happened informs how much each expert counts, and how extreme the panel should be.

The panel's log odds of an event are the weighted mean of the experts' log odds, times a factor that makes them more
extreme if it exceeds 1. An expert's weight here is the weight on quantities to a learned power in [0, 1]: a weighted
mean of evidence needs less concentrated weights than a choice of whose distribution holds the truth.

Satopaa, V. A., Baron, J., Foster, D. P., Mellers, B. A., Tetlock, P. E., & Ungar, L. H. (2014). Combining multiple
probability predictions using a simple logit model. International Journal of Forecasting, 30(2), 344-356.
https://doi.org/10.1016/j.ijforecast.2013.09.009
"""

from __future__ import annotations

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import xarray as xr
from pytensor.tensor import TensorVariable
from pytensor.xtensor.type import XTensorVariable

__all__ = ["event_logp", "happened"]

# Log weight of who did not answer, as in `mixture`.
NOTHING = -1e9


def event_logp(outcome: TensorVariable, log_odds: TensorVariable, known: TensorVariable) -> TensorVariable:
    """Return the log probability of each outcome, shape (event,); 0 where it is not known."""
    return known * (outcome * log_odds - pt.softplus(log_odds))


def happened(log_weight: XTensorVariable, encoded: xr.Dataset, extremising: XTensorVariable) -> XTensorVariable:
    """Let events whose outcome is known enter the model.

    Parameters
    ----------
    log_weight : XTensorVariable
        dims `("expert",)`: of the experts, from an expert model.
    encoded : Dataset
        Judged probabilities as `blackball.panel.encode` gives them; those with an infinite realisation are known.
    extremising : XTensorVariable
        Factor on the panel's log odds.

    Returns
    -------
    XTensorVariable
        dims `("event",)`: the panel's log odds of each.
    """
    model = pm.modelcontext(None)
    model.add_coords({"event": encoded["judged"].values.tolist()})
    linked = (encoded["location"] * encoded["unit"] + encoded["centre"]).transpose("judged", "expert")
    stated = pmd.Data("event_log_odds", linked.values, dims=("event", "expert"))
    answered = encoded["answered"].transpose("judged", "expert").values
    absent = pmd.Data("event_absent", np.where(answered, 0.0, NOTHING), dims=("event", "expert"))
    own = pmd.Beta("flattening", 1.0, 3.0) * log_weight + absent
    log_odds = extremising * (pmd.math.softmax(own, dim="expert") * stated).sum("expert")
    outcome = np.where(encoded["realisation"].values > 0, 1.0, 0.0)
    known = pmd.Data("event_known", np.isinf(encoded["realisation"].values).astype(float), dims="event")
    pm.CustomDist(
        "happened",
        log_odds.transpose("event").values,
        known.values,
        logp=event_logp,
        signature="(),()->()",
        observed=pmd.Data("event_outcome", outcome, dims="event").values,
        dims=("event",),
    )
    return log_odds
