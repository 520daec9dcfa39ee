"""Expert model `mixture`: the truth is drawn from one of the recalibrated experts.

On each question the density of the truth is a weighted sum of the experts' own distributions, each recalibrated;
a panel split in two camps stays split in two modes. An answer's density is a split Student t at the stated median:
its tails are what an item's unknown difficulty makes of a normal. Experts count more whose seeds came true, whose
other answers lie near the panel's centre, and whose answer is narrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, pi

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import xarray as xr
from pytensor.tensor import TensorVariable
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.believed import Answered, Believed, Predicted, Stated
from blackball.modelling.experts.stacked import stacked
from blackball.modelling.experts.weights import camp_discount, log_weights
from blackball.modelling.experts.widths import point_width, stated_width

__all__ = ["FEATURES", "mixture", "mixture_logp", "mixture_table", "observe", "recalibrated"]

FEATURES = ("own", "narrow", "off_centre", "lower", "upper", "lower_rest", "upper_rest", "point", "widen")
# Log weight of an answer that does not count: exp of it is 0, and unlike -inf it has a gradient.
NOTHING = -1e9


def mixture_table(encoded: xr.Dataset, share: xr.DataArray) -> xr.DataArray:
    """Return what the mixture's density needs of a panel, as plain numbers.

    Parameters
    ----------
    encoded : Dataset
        From `blackball.panel.encode`.
    share : DataArray
        dims `("judged", "expert")`, in [0, 1]: how much each judgement counts (see `once`).

    Returns
    -------
    DataArray
        dims `("judged", "expert", "feature")`.
    """
    counts = encoded["answered"] & (share > 0)
    width = stated_width(encoded)
    columns = {
        "own": xr.apply_ufunc(np.log, camp_discount(encoded, counts)).where(counts, NOTHING),
        "narrow": xr.apply_ufunc(np.log, width / encoded["usual_width"]),
        "off_centre": encoded["off_centre"].broadcast_like(width),
        "lower": encoded["lower"].where(encoded["has_width"], width),
        "upper": encoded["upper"].where(encoded["has_width"], width),
        "lower_rest": encoded["rounding_lower"],
        "upper_rest": encoded["rounding_upper"],
        "point": (encoded["answered"] & ~encoded["has_width"]).astype(float),
        "widen": share.where(counts, 1.0) ** -0.5,
    }
    return stacked(columns, FEATURES)


def recalibrated(
    table: XTensorVariable,
    value: Mapping[str, XTensorVariable],
    logs: XTensorVariable,
    point: XTensorVariable,
) -> dict[str, XTensorVariable]:
    """Recalibrate answers: their weights and their widths.

    Parameters
    ----------
    table : XTensorVariable
        dims `("judged", "expert", "feature")`, from `mixture_table`.
    value : mapping of str to XTensorVariable
        The parameters, from `recalibration`; scalars, or with dims of the answers.
    logs : XTensorVariable
        dims `("expert",)`: log weights of the experts.
    point : XTensorVariable
        Factor of bare points' widths on the usual width.

    Returns
    -------
    dict of str to XTensorVariable
        `log_weight` (not scaled to sum to 1), `lower` and `upper` (scales of the halves); dims `judged`, `expert`.
    """
    column = {name: table.isel(feature=place) for place, name in enumerate(FEATURES)}
    log_weight = column["own"] + value["narrow"] * column["narrow"] + value["off_centre"] * column["off_centre"] + logs
    factor = value["width"] * (1 + column["point"] * (point - 1))

    def scale(side: str) -> XTensorVariable:
        squares = (factor * column[side]) ** 2 + value["extra_width"] ** 2 + column[f"{side}_rest"] ** 2
        return column["widen"] * pmd.math.sqrt(squares)

    return {"log_weight": log_weight, "lower": scale("lower"), "upper": scale("upper")}


def mixture_logp(
    location: TensorVariable,
    truth: TensorVariable,
    log_weight: TensorVariable,
    lower: TensorVariable,
    upper: TensorVariable,
    degrees: TensorVariable,
    power: TensorVariable,
) -> TensorVariable:
    """Return the log density of the truth on each question under the weighted experts.

    Parameters
    ----------
    location, log_weight, lower, upper : (judged, expert)
    truth : (judged,)
    degrees : (), degrees of freedom of the halves
    power : (judged,), 1, or 0 where nothing is known or no answer counts

    Returns
    -------
    (judged,)
    """
    gap = truth[..., None] - location
    z = gap / pt.switch(gap < 0, lower, upper)
    half = (degrees + 1) / 2
    peak = pt.gammaln(half) - pt.gammaln(degrees / 2) - 0.5 * pt.log(degrees * pi) + log(2)
    density = peak - half * pt.log1p(z**2 / degrees) - pt.log(lower + upper)
    return power * (pt.logsumexp(log_weight + density, axis=-1) - pt.logsumexp(log_weight, axis=-1))


def mixture(answered: Answered, value: Mapping[str, XTensorVariable]) -> Believed:
    """Let a panel's judgements enter the model as a factor on the judged values.

    Parameters
    ----------
    answered : Answered
    value : mapping of str to XTensorVariable
        The parameters, from `recalibration`.
    """
    encoded = answered.encoded
    logs = log_weights(encoded, value["weight_spread"], informed=answered.informed)
    pm.modelcontext(None).add_coords({"feature": list(FEATURES)})
    table = mixture_table(encoded, answered.share)
    # Only known answers say how accurate points are. That a model can reproduce them does not: where it can, a free
    # factor would make all points sharp, those of other experts too.
    point = point_width(encoded, learned=answered.informed)
    answers = pmd.Data("answers", table.values, dims=table.dims)
    answer = recalibrated(answers, value, logs, point)
    location = pmd.Data("location", encoded["location"].values, dims=("judged", "expert"))
    if answered.open is None or not answered.open.any():
        observe(answered.truth, answered.known, location, answer, value["degrees"])
    else:
        # Answers to open questions inform nothing: the sampler need not look at them. One stands for none at all.
        rows = np.flatnonzero(~answered.open) if not answered.open.all() else np.zeros(1, dtype=int)
        pm.modelcontext(None).add_coords({"informing": encoded["judged"].values[rows].tolist()})
        truth, known, said, asked = (
            part.isel(judged=as_xtensor(rows, dims=("informing",))).rename(informing="judged")
            for part in (answered.truth, answered.known, location, answers)
        )
        observe(truth, known, said, recalibrated(asked, value, logs, point), value["degrees"], dim="informing")
    each = {name: tensor.rename(expert="component") for name, tensor in {**answer, "location": location}.items()}
    # Whose density of the truth is wide above the answer states answers far below the truth.
    stated = Stated(answered.truth, answer["upper"], answer["lower"], value["degrees"], answer["log_weight"])
    return Believed(logs, Predicted(**each, degrees=value["degrees"]), stated)


def observe(
    truth: XTensorVariable,
    known: XTensorVariable,
    location: XTensorVariable,
    answer: Mapping[str, XTensorVariable],
    degrees: XTensorVariable,
    dim: str = "judged",
) -> None:
    """Create the observed variable `judgements`: stated medians, whose density is that of the truth under them.

    Parameters
    ----------
    truth, known : XTensorVariable
        dims `("judged",)`, as in `Answered`.
    location : XTensorVariable
        dims `("judged", "expert")`: data.
    answer : mapping of str to XTensorVariable
        From `recalibrated`.
    degrees : XTensorVariable
    dim : str
        What the first dim is called in the model.
    """
    pm.CustomDist(
        "judgements",
        truth.transpose("judged").values,
        *(answer[name].transpose("judged", "expert").values for name in ("log_weight", "lower", "upper")),
        degrees.values,
        known.values,
        logp=mixture_logp,
        signature="(),(e),(e),(e),(),()->(e)",
        observed=location.values,
        dims=(dim, "expert"),
    )
