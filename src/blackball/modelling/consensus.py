"""Expert model `consensus`: everybody measures the same truth with error.

An expert's location is the truth plus an error that the whole panel shares on that question (it does not shrink
as experts are added), the expert's and the camp's own bias, and noise of Student's t with four degrees of freedom
scaled by the stated width and the expert's skill. An answer whose rounding interval is wide on the link scale,
exact zeros and ones above all, is interval-censored.
"""

from __future__ import annotations

from math import lgamma, log, pi

import numpy as np
import numpy.typing as npt
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import xarray as xr
from pytensor.tensor import TensorVariable
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.widths import point_width, stated_width

__all__ = ["consensus", "consensus_logp", "consensus_table", "t4_cdf"]

FEATURES = ("counts", "width", "extra", "point", "censored", "low", "high")
# A rounding interval wider than this share of the question's unit is censored; a narrower one is a point.
CENSOR_BEYOND = 0.1
FAR = 1e6
LOG_T4 = lgamma(2.5) - lgamma(2.0) - 0.5 * log(4 * pi)


def t4_cdf(z: TensorVariable) -> TensorVariable:
    """Return the distribution function of Student's t with four degrees of freedom, in closed form."""
    y = z / pt.sqrt(1 + z**2 / 4)
    return 0.5 + 0.375 * (y - y**3 / 12)


def consensus_table(encoded: xr.Dataset, share: xr.DataArray, hyper: xr.DataArray) -> xr.DataArray:
    """Return what the consensus density needs of a panel, as plain numbers.

    Parameters
    ----------
    encoded, share, hyper
        As for `blackball.modelling.mixture.mixture_table`.

    Returns
    -------
    DataArray
        dims `("judged", "expert", "feature")`.
    """
    counts = encoded["answered"] & (share > 0)
    widen = share.where(counts, 1.0) ** 0.5
    extra = float(hyper.sel(hyperparameter="extra_width"))
    censored = counts & ((encoded["high"] - encoded["low"]) > CENSOR_BEYOND)
    columns = {
        "counts": counts.astype(float),
        "width": float(hyper.sel(hyperparameter="width")) * stated_width(encoded) / widen,
        "extra": extra / widen,
        "point": (encoded["answered"] & ~encoded["has_width"]).astype(float),
        "censored": censored.astype(float),
        "low": encoded["low"].clip(min=-FAR).where(censored, -1.0),
        "high": encoded["high"].clip(max=FAR).where(censored, 1.0),
    }
    stacked: xr.DataArray = xr.concat(
        [columns[name] for name in FEATURES], dim="feature", coords="minimal", compat="override"
    )
    return stacked.transpose("judged", "expert", "feature")


def consensus_logp(
    location: TensorVariable,
    centre: TensorVariable,
    table: TensorVariable,
    skill: TensorVariable,
    width: TensorVariable,
) -> TensorVariable:
    """Return the log density of each expert's location.

    Parameters
    ----------
    location, centre : (judged, expert)
    table : (judged, expert, feature), `FEATURES` in order
    skill : (judged, expert), factor on the expert's widths
    width : (), factor of bare points' widths on the panel's usual width

    Returns
    -------
    (judged, expert); 0 where the expert did not answer.
    """
    counts, stated, extra, point, censored, low, high = (table[..., i] for i in range(len(FEATURES)))
    scale = skill * pt.sqrt((stated * (1 + point * (width - 1))) ** 2 + extra**2)
    z = (location - centre) / scale
    density = LOG_T4 - pt.log(scale) - 2.5 * pt.log1p(z**2 / 4)
    inside = t4_cdf((high - centre) / scale) - t4_cdf((low - centre) / scale)
    interval = pt.log(pt.maximum(inside, np.finfo(float).tiny))
    return counts * pt.switch(censored > 0, interval, density)


def consensus_random(
    centre: npt.NDArray[np.float64],
    table: npt.NDArray[np.float64],
    skill: npt.NDArray[np.float64],
    width: npt.NDArray[np.float64],
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> npt.NDArray[np.float64]:
    """Draw each expert's location; parameters and dims as for `consensus_logp`, in NumPy."""
    _, stated, extra, point, *_ = np.moveaxis(table, -1, 0)
    scale = skill * np.sqrt((stated * (1 + point * (width - 1))) ** 2 + extra**2)
    shape = np.broadcast_shapes(np.shape(centre), np.shape(scale)) if size is None else size
    return np.asarray(centre + scale * rng.standard_t(4, size=shape))


def consensus(theta: XTensorVariable, encoded: xr.Dataset, share: xr.DataArray, hyper: xr.DataArray) -> None:
    """Let a panel's judgements enter the model as noisy measurements of the judged values.

    Parameters
    ----------
    theta : XTensorVariable
        dims `("judged",)`: the judged values, in each question's standard units.
    encoded, share, hyper
        As for `consensus_table`.
    """
    value = {str(name): float(hyper.sel(hyperparameter=name)) for name in hyper["hyperparameter"].values}
    camps, camp = np.unique(encoded["camp"].values, return_inverse=True)
    model = pm.modelcontext(None)
    model.add_coords({"feature": list(FEATURES), "camp": camps.tolist()})
    scale = {name: pmd.Data(name, np.float64(value[name])) for name in ("shared_sd", "bias_sd", "camp_sd", "skill_sd")}
    nu = pmd.Data("shared_nu", np.float64(value["shared_nu"]))
    shared = pmd.StudentT("shared_error", nu=nu, mu=0.0, sigma=scale["shared_sd"], dims="judged")
    bias = pmd.Normal("bias", 0.0, scale["bias_sd"], dims="expert")
    camp_bias = pmd.Normal("camp_bias", 0.0, scale["camp_sd"], dims="camp")
    skill = pmd.LogNormal("skill", 0.0, scale["skill_sd"], dims="expert")
    centre = theta + shared + bias + camp_bias.isel(camp=xr.DataArray(camp, dims="expert"))
    table = consensus_table(encoded, share, hyper)
    pm.CustomDist(
        "judgements",
        centre.transpose("judged", "expert").values,
        pmd.Data("recalibrated", table.values, dims=table.dims).values,
        skill.values,
        point_width(encoded, hyper).values,
        logp=consensus_logp,
        random=consensus_random,
        signature="(),(f),(),()->()",
        observed=pmd.Data("location", encoded["location"].values, dims=("judged", "expert")).values,
        dims=("judged", "expert"),
    )
