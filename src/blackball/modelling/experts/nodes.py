"""Where the biases and skills of many experts are looked at to integrate over them: Gauss-Hermite nodes, placed by data.

Each expert's nodes surround what the own answers say of bias and noise, as far apart as these leave them uncertain. A
nodes' place is data: it decides how exact the integral is, and never what is integrated.

Liu, Q., & Pierce, D. A. (1994). A note on Gauss-Hermite quadrature. Biometrika, 81(3), 624-629.
https://doi.org/10.1093/biomet/81.3.624
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

__all__ = ["PARTS", "SIDE", "nodes"]

Floats = NDArray[np.float64]

PARTS = ("bias", "log_scale", "log_weight")
SIDE = 3
"""Nodes for each of bias and skill, so that there are so many squared: an answer more or less moves the logarithm of
an integral by far more than two further nodes do."""

ROUNDS = 12
# Student's t with four degrees of freedom, of a location and of the logarithm of a scale: expected information.
OF_LOCATION, OF_SCALE = 5 / 7, 8 / 7


def nodes(
    location: xr.DataArray, counts: xr.DataArray, noise: xr.DataArray, spread: tuple[float, float]
) -> xr.DataArray:
    """Place the nodes of each expert's integral.

    Parameters
    ----------
    location : DataArray
        dims `("judged", "expert")`: stated medians in standard units.
    counts : DataArray
        dims `("judged", "expert")`: 1 for an answer that counts, else 0.
    noise : DataArray
        dims `("judged", "expert")`: scale of each answer's noise but for the skill, about.
    spread : (float, float)
        Standard deviations of experts' biases, and of the logarithms of their skill's factors, about.

    Returns
    -------
    DataArray
        dims `("part", "node", "expert")`, the parts `PARTS`: bias in standard units; logarithm of the skill's factor
        and of the usual noise together, as a mean over the expert's answers that count; and what must be added to the
        logarithm of an integrand at the nodes so that the integral is a sum over them.
    """
    said, counted, scale = (one.transpose("judged", "expert").values for one in (location, counts, noise))
    (bias, bias_sd), (skill, skill_sd) = _placed(said, counted, scale, *spread)
    usual = (counted * np.log(scale)).sum(0) / counted.sum(0).clip(1)
    points, weights = np.polynomial.hermite_e.hermegauss(SIDE)
    first, second = (grid.reshape(-1, 1) for grid in np.meshgrid(points, points, indexing="ij"))
    # Gauss and Hermite weigh by exp(-x^2 / 2), which is not part of the integrand.
    logs = np.log(np.outer(weights, weights)).reshape(-1, 1) + (first**2 + second**2) / 2
    parts = [bias + bias_sd * first, usual + skill + skill_sd * second, logs + np.log(bias_sd * skill_sd)]
    return xr.DataArray(np.stack(parts), dims=("part", "node", "expert"), coords={"part": list(PARTS)})


def _placed(
    said: Floats, counts: Floats, noise: Floats, bias_sd: float, skill_sd: float
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return centre and standard deviation of each expert's bias, and of the logarithm of the factor on the noise.

    Experts' effects, questions' centres and the spread of effects are improved in turn.
    """
    bias, skill = np.zeros((2, said.shape[1]))
    centre = np.zeros((said.shape[0], 1))
    for _ in range(ROUNDS):
        scale = np.exp(skill) * noise
        z = (said - centre - bias) / scale
        near = counts * 5 / (4 + z**2) / scale**2  # Student's t as normals whose precision the gap tells
        bias_precision = (counts * OF_LOCATION / scale**2).sum(0) + 1 / bias_sd**2
        bias = (near * (said - centre)).sum(0) / (near.sum(0) + 1 / bias_sd**2)
        slope = (counts * (5 * z**2 / (4 + z**2) - 1)).sum(0) - (skill - skill.mean()) / skill_sd**2
        skill_precision = OF_SCALE * counts.sum(0) + 1 / skill_sd**2
        skill = skill + np.clip(slope / skill_precision, -1, 1)
        centre = (near * (said - bias)).sum(1, keepdims=True) / near.sum(1, keepdims=True).clip(np.finfo(float).tiny)
        bias_sd = float(np.sqrt((bias**2 + 1 / bias_precision).mean()))
        skill_sd = float(np.sqrt(((skill - skill.mean()) ** 2 + 1 / skill_precision).mean()))
    return (bias, bias_precision**-0.5), (skill, skill_precision**-0.5)

