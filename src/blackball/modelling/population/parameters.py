"""The parameters of an expert model over many panels: some common, some different from panel to panel."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

__all__ = ["PRIORS", "VARIES", "parameters"]

PRIORS = {
    "mixture": {
        "width": ("log", 1.0, 0.5),
        "extra_width": ("log", 0.3, 1.0),
        "degrees": ("log", 4.0, 0.7),
        "narrow": ("linear", 0.0, 1.0),
        "off_centre": ("linear", 0.0, 2.0),
        "weight_spread": ("log", 1.0, 1.0),
    },
    "consensus": {
        "width": ("log", 1.0, 0.5),
        "extra_width": ("log", 0.5, 0.7),
        "skill_sd": ("log", 0.3, 0.7),
        "bias_sd": ("log", 0.3, 0.7),
        "shared_sd": ("log", 0.7, 0.7),
        "shared_degrees": ("log", 4.0, 0.7),
    },
}
"""Scale, median, and standard deviation on that scale: wide, since hundreds of seeds speak."""

VARIES = {"mixture": ("extra_width",), "consensus": ("shared_sd",)}
"""Parameters that differ from panel to panel, on the log scale."""

SPREAD = 1.0
"""Half-normal scale of the standard deviation between panels."""


def parameters(experts: str, panel: xr.DataArray) -> dict[str, XTensorVariable]:
    """Create the parameters.

    Parameters
    ----------
    experts : {"mixture", "consensus"}
    panel : DataArray of int
        dims `("judged",)`: which panel each judged value belongs to.

    Returns
    -------
    dict of str to XTensorVariable
        On the natural scale: scalars, or dims `("judged",)` for those that vary.
    """
    model, priors, varies = pm.modelcontext(None), PRIORS[experts], VARIES[experts]
    model.add_coords({"hyperparameter": list(priors), "varying": list(varies), "panel": np.unique(panel.values)})
    _, medians, spreads = zip(*priors.values(), strict=True)
    logs = np.array([scale == "log" for scale, _, _ in priors.values()])
    centre = np.where(logs, np.log(medians, where=logs, out=np.zeros(len(logs))), medians)
    linked = pmd.Deterministic(
        "linked",
        pmd.Data("prior_centre", centre, dims="hyperparameter")
        + pmd.Data("prior_spread", np.array(spreads), dims="hyperparameter")
        * pmd.Normal("population", 0.0, 1.0, dims="hyperparameter"),
    )
    between = pmd.HalfNormal("between", SPREAD, dims="varying")
    deviation = between * pmd.Normal("deviation", 0.0, 1.0, dims=("panel", "varying"))
    found = {}
    for place, name in enumerate(priors):
        value = linked.isel(hyperparameter=place)
        if name in varies:
            value = value + deviation.isel(varying=varies.index(name)).isel(panel=panel)
        found[name] = pmd.math.exp(value) if logs[place] else value
    return found
