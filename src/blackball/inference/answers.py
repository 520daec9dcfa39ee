"""Where stated answers lie among those that were to be expected: the probability integral transform (PIT).

Expected is what an expert says who is right: under `consensus` every answer measures the truth; under `mixture` one
expert is right, and the truth is drawn from that expert's distribution. The PIT of an answer is the posterior
probability that such an answer lies below it: near 0 or 1 where the rest of the panel says otherwise. Without the
expert's own answers in the posterior it is uniform for an expert who is right.

Dawid, A. P. (1984). Statistical theory: the prequential approach. Journal of the Royal Statistical Society A, 147(2),
278-292. https://doi.org/10.2307/2981683
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from pytensor import config
from pytensor.xtensor.type import xtensor
from scipy import stats

from blackball.inference.on_draws import on_draws

if TYPE_CHECKING:
    import pymc as pm

    from blackball.modelling.judged import Judged

__all__ = ["expected_answers", "pit", "split_t_cdf"]

CHANGED = ("answers", "question_centre", "question_unit")

type Expected = Callable[[xr.Dataset, Mapping[str, xr.DataArray]], xr.Dataset]


def expected_answers(model: pm.Model) -> Expected:
    """Make a function of draws and data that returns where answers lie, compiled once.

    Parameters
    ----------
    model : pymc.Model
        With judgements.

    Returns
    -------
    callable
        Takes draws of the free variables and the model's data by name, and returns `centre`, `below`, `above` (dims
        `chain`, `draw`, `judged`, `expert`), `degrees` and, in a mixture, `log_weight`: a split Student t in the
        standard units of those data.
    """
    judged: Judged = model["judgements"].tag.judged
    stated, like = judged.stated, {"judged": judged.quantities["judged"], "expert": judged.quantities["expert"]}
    parts = {name: getattr(stated, name) for name in ("centre", "below", "above", "degrees", "log_weight")}
    parts = {name: part for name, part in parts.items() if part is not None}
    data = {name: model[name] for name in CHANGED}
    inputs = {v: xtensor(name, dims=v.type.dims, shape=v.type.shape, dtype=v.type.dtype) for name, v in data.items()}
    with config.change_flags(cxx=""):
        compute = on_draws(model, parts, instead=inputs)

    def evaluate(draws: xr.Dataset, values: Mapping[str, xr.DataArray]) -> xr.Dataset:
        found = compute(draws, *(values[name].values for name in CHANGED))
        grid = xr.DataArray(np.zeros((len(like["judged"]), len(like["expert"]))), coords=like, dims=list(like))
        return found.map(lambda part: part if set(part.dims) <= {"chain", "draw"} else part + grid)

    return evaluate


def split_t_cdf(
    value: xr.DataArray, centre: xr.DataArray, below: xr.DataArray, above: xr.DataArray, degrees: xr.DataArray
) -> xr.DataArray:
    """Return the distribution function of a split Student t, whose halves have scales of their own.

    The density is continuous: the half below holds `below / (below + above)` of the mass.
    """
    under = value < centre
    z = (value - centre) / below.where(under, above)
    tail: xr.DataArray = 2 * xr.apply_ufunc(stats.t.cdf, -abs(z), degrees) / (below + above)
    return (below * tail).where(under, 1 - above * tail)


def pit(location: xr.DataArray, expected: xr.Dataset) -> xr.DataArray:
    """Return the posterior probability that an expected answer lies below the stated one.

    Parameters
    ----------
    location : DataArray
        Stated medians in standard units, dims `("judged", "expert")`.
    expected : Dataset
        From `expected_answers`, in the same units.

    Returns
    -------
    DataArray
        dims `("judged", "expert")`, in [0, 1].
    """
    parts = (expected[name] for name in ("centre", "below", "above", "degrees"))
    return split_t_cdf(location, *parts).mean(("chain", "draw"))
