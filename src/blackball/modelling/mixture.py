"""Expert model `mixture`: the truth is drawn from one of the recalibrated experts.

On each question the density of the truth is a weighted sum of the experts' own distributions, each recalibrated
by population values learned from seed questions; a panel split in two camps stays split in two modes. Weights
are equal but for a discount inside camps, and a little more for narrow and central answers; seed questions, whose
truth is known, inform them through a tempered likelihood. Without seeds nothing that is known to be true informs
the weights, and their expectation is used.
"""

from __future__ import annotations

from math import log, pi

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import xarray as xr
from pytensor.tensor import TensorVariable
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.widths import point_width, stated_width

__all__ = ["camp_discount", "mixture", "mixture_logp", "mixture_table"]

FEATURES = ("log_weight", "lower", "upper", "lower_rest", "upper_rest", "point")
WIDE = 4.0
# Log weight of an answer that does not count: exp of it is 0, and unlike -inf it has a gradient.
NOTHING = -1e9


def camp_discount(encoded: xr.Dataset, counts: xr.DataArray, correlation: float) -> xr.DataArray:
    """Return what each answer is worth beside those of the same camp to the same question.

    n answers of one camp whose errors correlate c are worth n / (1 + (n - 1) c) independent ones.

    Parameters
    ----------
    encoded : Dataset
    counts : DataArray
        dims `("judged", "expert")`: which answers count.
    correlation : float
        c in [0, 1].

    Returns
    -------
    DataArray
        dims `("judged", "expert")`, in (0, 1].
    """
    same = encoded["camp"] == encoded["camp"].rename(expert="other")
    beside = (counts.rename(expert="other").astype(float) * same).sum("other")
    return 1 / (1 + (beside.clip(min=1) - 1) * correlation)


def mixture_table(encoded: xr.Dataset, share: xr.DataArray, hyper: xr.DataArray) -> xr.DataArray:
    """Recalibrate a panel's judgements: what the mixture's density needs, as plain numbers.

    Parameters
    ----------
    encoded : Dataset
        From `blackball.panel.encode`.
    share : DataArray
        dims `("judged", "expert")`, in [0, 1]: how much each judgement counts (see `once`).
    hyper : DataArray
        dims `("hyperparameter",)`.

    Returns
    -------
    DataArray
        dims `("judged", "expert", "feature")`.
    """
    value = {str(name): float(hyper.sel(hyperparameter=name)) for name in hyper["hyperparameter"].values}
    counts = encoded["answered"] & (share > 0)
    width = stated_width(encoded)
    off_centre = xr.apply_ufunc(np.log1p, encoded["location"] ** 2)
    relative = xr.apply_ufunc(np.log, width / encoded["usual_width"])
    discount = xr.apply_ufunc(np.log, camp_discount(encoded, counts, value["camp_correlation"]))
    own = value["narrow"] * relative + value["central"] * off_centre + discount
    widen = share.where(counts, 1.0) ** 0.5
    columns = {
        "log_weight": own.where(counts, NOTHING),
        "lower": value["width"] * encoded["lower"].where(encoded["has_width"], width) / widen,
        "upper": value["width"] * encoded["upper"].where(encoded["has_width"], width) / widen,
        "lower_rest": (value["extra_width"] ** 2 + encoded["rounding_lower"] ** 2) / widen**2,
        "upper_rest": (value["extra_width"] ** 2 + encoded["rounding_upper"] ** 2) / widen**2,
        "point": (encoded["answered"] & ~encoded["has_width"]).astype(float),
    }
    stacked: xr.DataArray = xr.concat(
        [columns[name] for name in FEATURES], dim="feature", coords="minimal", compat="override"
    )
    return stacked.transpose("judged", "expert", "feature")


def mixture_logp(
    location: TensorVariable,
    theta: TensorVariable,
    table: TensorVariable,
    log_weight: TensorVariable,
    width: TensorVariable,
    stray: TensorVariable,
    power: TensorVariable,
) -> TensorVariable:
    """Return the log density of the truth `theta` on each question under the weighted experts.

    Parameters
    ----------
    location : (judged, expert)
    theta : (judged,)
    table : (judged, expert, feature), `FEATURES` in order
    log_weight : (expert,)
    width : (), factor of bare points' widths on the panel's usual width
    stray : (), share of each expert's density that is four times as wide
    power : (judged,), 1, or the tempering of a seed, or 0 where no answer counts

    Returns
    -------
    (judged,)
    """
    own, low, high, low_rest, high_rest, point = (table[..., i] for i in range(len(FEATURES)))
    factor = 1 + point * (width - 1)
    lower = pt.sqrt((low * factor) ** 2 + low_rest)
    upper = pt.sqrt((high * factor) ** 2 + high_rest)
    gap = theta[..., None] - location
    half_square = 0.5 * (gap / pt.switch(gap < 0, lower, upper)) ** 2
    shape = pt.logaddexp(pt.log1p(-stray) - half_square, pt.log(stray) - log(WIDE) - half_square / WIDE**2)
    density = shape + 0.5 * log(2 / pi) - pt.log(lower + upper)
    weight = log_weight + own
    total = pt.logsumexp(weight + density, axis=-1) - pt.logsumexp(weight, axis=-1)
    return power * total


def mixture(theta: XTensorVariable, encoded: xr.Dataset, share: xr.DataArray, hyper: xr.DataArray) -> None:
    """Let a panel's judgements enter the model as a factor on the judged values.

    Parameters
    ----------
    theta : XTensorVariable
        dims `("judged",)`: the judged values, in each question's standard units.
    encoded, share, hyper
        As for `mixture_table`.
    """
    seeds = encoded["realisation"].notnull()
    tempering = float(hyper.sel(hyperparameter="tempering"))
    experts = encoded.sizes["expert"]
    equal = xr.full_like(encoded["expert"], 1 / experts, dtype=float)
    if bool(seeds.any()) and experts > 1:
        concentration = float(hyper.sel(hyperparameter="concentration")) * experts
        weight = pmd.Dirichlet("weight", a=_data("weight_prior", equal * concentration), core_dims="expert")
    else:
        weight = pmd.Deterministic("weight", _data("weight_prior", equal))
    counts = (encoded["answered"] & (share > 0)).any("expert")
    pm.modelcontext(None).add_coords({"feature": list(FEATURES)})
    pm.CustomDist(
        "judgements",
        theta.transpose("judged").values,
        _data("recalibrated", mixture_table(encoded, share, hyper)).values,
        pmd.math.log(weight).values,
        point_width(encoded, hyper).values,
        pmd.Data("stray", np.float64(hyper.sel(hyperparameter="stray"))).values,
        _data("power", (seeds * (tempering - 1.0) + 1.0) * counts).values,
        logp=mixture_logp,
        signature="(),(e,f),(e),(),(),()->(e)",
        observed=_data("location", encoded["location"] * float(hyper.sel(hyperparameter="shrinkage"))).values,
        dims=("judged", "expert"),
    )


def _data(name: str, values: xr.DataArray) -> XTensorVariable:
    return pmd.Data(name, values.values, dims=values.dims)
