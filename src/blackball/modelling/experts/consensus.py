"""Expert model `consensus`: everybody measures the same truth with error.

An expert's location is the truth plus an error that the whole panel shares on that question (it does not shrink
as experts are added), the expert's and the camp's own bias, and noise of Student's t with four degrees of freedom
scaled by the stated width and the expert's skill. An answer whose rounding interval is wide on the link scale,
exact zeros and ones above all, is interval-censored.

Of a panel of many, biases and skills are integrated out (see `integrated`). Where the panel is also asked for events
they cannot be: an event ties all experts together through how much each counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import xarray as xr
from pytensor.tensor import TensorVariable
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.believed import Answered, Believed, Effect, Predicted, Stated
from blackball.modelling.experts.camps import camps_of
from blackball.modelling.experts.hyperpriors import constants, hyperpriors
from blackball.modelling.experts.integrated import Integrand, Rounded
from blackball.modelling.experts.nodes import PARTS, nodes
from blackball.modelling.experts.stacked import stacked
from blackball.modelling.experts.students import DEGREES, LOG_T4, t4_cdf
from blackball.modelling.experts.widths import point_width, stated_width

__all__ = ["FEATURES", "consensus", "consensus_logp", "consensus_table", "many", "noise", "observe"]

FEATURES = ("counts", "width", "widen", "point", "censored", "low", "high")
# A rounding interval wider than this share of the question's unit is censored; a narrower one is a point.
CENSOR_BEYOND = 0.1
FAR = 1e6
MANY = 200
"""So many experts have their biases and skills integrated out."""
VAGUE, NEARLY_NORMAL = 10.0, 30.0
"""Scale, in standard units, and degrees of freedom of where answers lie to a question of which nothing is known."""


def consensus_table(encoded: xr.Dataset, share: xr.DataArray) -> xr.DataArray:
    """Return what the consensus density needs of a panel, as plain numbers.

    Parameters
    ----------
    encoded, share
        As for `blackball.modelling.experts.mixture.mixture_table`.

    Returns
    -------
    DataArray
        dims `("judged", "expert", "feature")`.
    """
    counts = encoded["answered"] & (share > 0)
    censored = counts & ((encoded["high"] - encoded["low"]) > CENSOR_BEYOND)
    columns = {
        "counts": counts.astype(float),
        "width": stated_width(encoded),
        "widen": share.where(counts, 1.0) ** -0.5,
        "point": (encoded["answered"] & ~encoded["has_width"]).astype(float),
        "censored": censored.astype(float),
        "low": encoded["low"].clip(min=-FAR).where(censored, -1.0),
        "high": encoded["high"].clip(max=FAR).where(censored, 1.0),
    }
    return stacked(columns, FEATURES)


def consensus_logp(
    location: TensorVariable,
    centre: TensorVariable,
    scale: TensorVariable,
    table: TensorVariable,
) -> TensorVariable:
    """Return the log density of each expert's location.

    Parameters
    ----------
    location, centre, scale : (judged, expert)
    table : (judged, expert, feature), `FEATURES` in order

    Returns
    -------
    (judged, expert); 0 where the expert did not answer.
    """
    counts, censored, low, high = (table[..., FEATURES.index(name)] for name in ("counts", "censored", "low", "high"))
    z = (location - centre) / scale
    density = LOG_T4 - pt.log(scale) - 2.5 * pt.log1p(z**2 / 4)
    inside = t4_cdf((high - centre) / scale) - t4_cdf((low - centre) / scale)
    interval = pt.log(pt.maximum(inside, np.finfo(float).tiny))
    return counts * pt.switch(censored > 0, interval, density)


def consensus_random(
    centre: npt.NDArray[np.float64],
    scale: npt.NDArray[np.float64],
    table: npt.NDArray[np.float64],
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> npt.NDArray[np.float64]:
    """Draw each expert's location; parameters and dims as for `consensus_logp`, in NumPy."""
    shape = np.broadcast_shapes(np.shape(centre), np.shape(scale)) if size is None else size
    return np.asarray(centre + scale * rng.standard_t(4, size=shape))


def consensus(answered: Answered, value: Mapping[str, XTensorVariable]) -> Believed:
    """Let a panel's judgements enter the model as noisy measurements of the judged values.

    Parameters
    ----------
    answered : Answered
    value : mapping of str to XTensorVariable
        The parameters, from `recalibration`.
    """
    pm.modelcontext(None).add_coords({"feature": list(FEATURES)})
    if many(answered.encoded, events=answered.events):
        return _integrated(answered, value)
    return _sampled(answered, value)


def many(encoded: xr.Dataset, *, events: bool) -> bool:
    """Return whether experts' biases and skills are integrated out, and not sampled.

    Parameters
    ----------
    encoded : Dataset
        Quantities, from `blackball.panel.encode`.
    events : bool
        Whether the panel is also asked for events.
    """
    return encoded.sizes["expert"] >= MANY and bool(encoded.sizes["judged"]) and not events


def _sampled(answered: Answered, value: Mapping[str, XTensorVariable]) -> Believed:
    encoded = answered.encoded
    centre = answered.truth
    if encoded.sizes["judged"]:  # a panel of events alone has nothing to err on together
        alike = pmd.StudentT("shared", nu=value["shared_degrees"], mu=0.0, sigma=1.0, dims="judged")
        centre = centre + value["shared_sd"] * alike
    if answered.unplaced is not None:
        centre = answered.known * centre + (1 - answered.known) * answered.unplaced
    log_skill = value["skill_sd"] * pmd.Normal("aptitude", 0.0, 1.0, dims="expert")
    skill = pmd.Deterministic("skill", pmd.math.exp(log_skill))
    data = consensus_table(encoded, answered.share)
    table = pmd.Data("answers", data.values, dims=data.dims)
    location = pmd.Data("location", encoded["location"].values, dims=("judged", "expert"))
    scale = skill * noise(table, value, point_width(encoded, learned=True))
    measured = centre + _bias(encoded, value["bias_sd"])
    observe(measured, scale, table, location)
    stated = Stated(measured, scale, scale, as_xtensor(DEGREES), None)
    # Experts' evidence on events counts as their precision does.
    return Believed(-2.0 * log_skill, _predicted(centre, value), stated)


def _integrated(answered: Answered, value: Mapping[str, XTensorVariable]) -> Believed:
    encoded = answered.encoded
    camps = camps_of(encoded)
    centre = _measured(answered, value, camps.mean)
    data = consensus_table(encoded, answered.share)
    # Column by column, as the sums over nodes read them.
    columns = data.transpose("feature", "judged", "expert")
    table = pmd.Data("answers", columns.values, dims=columns.dims)
    scale = noise(table, value, point_width(encoded, learned=True))
    alone = as_xtensor(camps.alone, dims=("expert",))
    integrand = Integrand(
        centre,
        camps.of_expert,
        pmd.math.sqrt(value["bias_sd"] ** 2 + alone * constants()["camp_sd"] ** 2),
        value["skill_sd"],
        scale,
        table.isel(feature=FEATURES.index("counts")),
        _places(encoded, data, camps.alone),
        pmd.Data("location", encoded["location"].values, dims=("judged", "expert")),
        table.isel(feature=slice(FEATURES.index("censored"), None)),
        _rounded(data),
    )
    integrand.observe()
    effects = integrand.effects()
    stated_scale = pmd.math.exp(effects["log_skill"].mean) * scale
    stated = Stated(centre + effects["bias"].mean, stated_scale, stated_scale, as_xtensor(DEGREES), None)
    effects["bias"] = Effect(effects["bias"].mean + camps.mean, effects["bias"].sd)
    return Believed(-2.0 * effects["log_skill"].mean, _predicted(centre - camps.mean, value), stated, effects)


def _measured(answered: Answered, value: Mapping[str, XTensorVariable], of_camps: XTensorVariable) -> XTensorVariable:
    """Create where answers lie, biases apart: about the truth, or anywhere to a question of which nothing is known.

    Many experts say where that is far better than how much of it is truth and how much is error, so it is a variable of
    its own, and not the sum of two.
    """
    known, unknown = answered.known, 1 - answered.known
    variable: XTensorVariable = pmd.StudentT(
        "measured",
        nu=known * value["shared_degrees"] + unknown * NEARLY_NORMAL,
        mu=known * answered.truth + of_camps,
        sigma=known * value["shared_sd"] + unknown * VAGUE,
        dims="judged",
    )
    return variable


def _places(encoded: xr.Dataset, table: xr.DataArray, alone: np.ndarray) -> XTensorVariable:
    """Return the nodes of the integrals, as data."""
    usual = hyperpriors("consensus")["median"]
    named = {str(name): float(usual.sel(hyperparameter=name)) for name in usual["hyperparameter"].values}
    spread = np.sqrt(named["bias_sd"] ** 2 + alone.mean() * constants()["camp_sd"] ** 2)
    stated = named["width"] * table.sel(feature="width")
    scale = table.sel(feature="widen") * np.sqrt(stated**2 + named["extra_width"] ** 2)
    placed = nodes(encoded["location"], table.sel(feature="counts"), scale, (spread, named["skill_sd"]))
    pm.modelcontext(None).add_coords({"part": list(PARTS), "node": list(range(placed.sizes["node"]))})
    return pmd.Data("nodes", placed.values, dims=placed.dims)


def _rounded(table: xr.DataArray) -> Rounded:
    """Return where answers are censored, and note it among the model's coordinates."""
    censored = table.sel(feature="censored") > 0
    questions, experts = (censored.any(dim) for dim in ("expert", "judged"))
    named = {"rounded": questions, "rounding": experts}
    pm.modelcontext(None).add_coords(
        {name: which[which.dims[0]].values[which.values].tolist() for name, which in named.items()}
    )
    return Rounded(*(np.flatnonzero(which.values).tolist() for which in named.values()))


def _bias(encoded: xr.Dataset, sd: XTensorVariable) -> XTensorVariable:
    """Return each expert's bias, that of the camp included."""
    camps, camp = np.unique(encoded["camp"].values, return_inverse=True)
    pm.modelcontext(None).add_coords({"camp": camps.tolist()})
    of_camp = constants()["camp_sd"] * pmd.Normal("camp_bias", 0.0, 1.0, dims="camp")
    own = sd * pmd.Normal("own_bias", 0.0, 1.0, dims="expert")
    return pmd.Deterministic("bias", own + of_camp.isel(camp=xr.DataArray(camp, dims="expert")))


def noise(table: XTensorVariable, value: Mapping[str, XTensorVariable], point: XTensorVariable) -> XTensorVariable:
    """Return the scale of each answer's noise, but for the expert's skill; dims `judged`, `expert`.

    Parameters
    ----------
    table : XTensorVariable
        From `consensus_table`.
    value : mapping of str to XTensorVariable
        The parameters, from `recalibration`; scalars, or with dims of the answers.
    point : XTensorVariable
        Factor of bare points' widths on the usual width.
    """
    width, widen, bare = (table.isel(feature=FEATURES.index(name)) for name in ("width", "widen", "point"))
    stated = value["width"] * width * (1 + bare * (point - 1))
    return widen * pmd.math.sqrt(stated**2 + value["extra_width"] ** 2)


def observe(centre: XTensorVariable, scale: XTensorVariable, table: XTensorVariable, location: XTensorVariable) -> None:
    """Create the observed variable `judgements`: stated medians as measurements of `centre`.

    Parameters
    ----------
    centre, scale : XTensorVariable
        dims `("judged", "expert")`.
    table : XTensorVariable
        From `consensus_table`.
    location : XTensorVariable
        dims `("judged", "expert")`: data.
    """
    pm.CustomDist(
        "judgements",
        centre.transpose("judged", "expert").values,
        scale.transpose("judged", "expert").values,
        table.values,
        logp=consensus_logp,
        random=consensus_random,
        signature="(),(),(f)->()",
        observed=location.values,
        dims=("judged", "expert"),
    )


def _predicted(centre: XTensorVariable, value: Mapping[str, XTensorVariable]) -> Predicted:
    """Return what the panel says of each value: where it measures the value to be, less the error it shares."""
    location = centre.expand_dims(component=1)
    scale = value["shared_sd"] + 0.0 * location
    return Predicted(0.0 * location, location, scale, scale, value["shared_degrees"])
