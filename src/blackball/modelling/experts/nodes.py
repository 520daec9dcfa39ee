"""Where the biases and skills of many experts are looked at to integrate over them: nodes that the data place.

Each expert's nodes surround what the own answers say of bias and noise, as far apart as these leave them uncertain. A
nodes' place is data: it decides how exact the integral is, and never what is integrated.

Liu, Q., & Pierce, D. A. (1994). A note on Gauss-Hermite quadrature. Biometrika, 81(3), 624-629.
https://doi.org/10.1093/biomet/81.3.624
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

__all__ = ["PARTS", "SIDES", "nodes"]

Floats = NDArray[np.float64]

PARTS = ("bias", "log_scale", "log_weight")
SIDES = {20: (4, 3), 8: (5, 4), 4: (7, 5), 0: (9, 7)}
"""Nodes for the bias and for the skill, so that there are as many as their product, by how many answers nine in
ten experts give at least: as few as keep what the parameters make of the likelihood of thousands within about a tenth
of a posterior standard deviation. The more answers, the more the integrand is like a normal."""
FINE = SIDES[0]
"""Nodes of the integrals that say where those are placed, once."""

PASSES, ROUNDS = 3, 10
# What one answer tells of a location and of the logarithm of a scale: Student's t with four degrees of freedom.
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
    usual = (counted * np.log(scale)).sum(0) / counted.sum(0).clip(1)
    given = counted.sum(0)
    nearly_all = np.quantile(given[given > 0], 0.1) if given.any() else 0
    sides = next(sides for least, sides in SIDES.items() if nearly_all >= least)
    bias, log_skill, log_weight = _around(*_placed(said, counted, scale, *spread), sides)
    parts = [bias, usual + log_skill, log_weight]
    return xr.DataArray(np.stack(parts), dims=("part", "node", "expert"), coords={"part": list(PARTS)})


@dataclass(frozen=True)
class _Normal:
    """Means and standard deviations, one an expert."""

    mean: Floats
    sd: Floats


def _around(bias: _Normal, skill: _Normal, sides: tuple[int, int]) -> tuple[Floats, Floats, Floats]:
    """Return nodes around normals, shape (node, expert): where they are, and their log weights."""
    (first, of_first), (second, of_second) = (np.polynomial.hermite_e.hermegauss(side) for side in sides)
    x, y = (grid.reshape(-1, 1) for grid in np.meshgrid(first, second, indexing="ij"))
    # Gauss and Hermite weigh by exp(-x^2 / 2), which is not part of the integrand.
    logs = np.log(np.outer(of_first, of_second)).reshape(-1, 1) + (x**2 + y**2) / 2
    return bias.mean + bias.sd * x, skill.mean + skill.sd * y, logs + np.log(bias.sd * skill.sd)


def _placed(said: Floats, counts: Floats, noise: Floats, bias_sd: float, skill_sd: float) -> tuple[_Normal, _Normal]:
    """Return mean and standard deviation of each expert's bias, and of the logarithm of the factor on the noise.

    Nodes that share these of what they integrate are far better than nodes around its peak.
    """
    centre, bias, skill = _peaks(said, counts, noise, bias_sd, skill_sd)
    gap, precision = said - centre, counts / (4 * noise**2)
    for _ in range(PASSES):
        b, k, logs = _around(bias, skill, FINE)
        usual = skill.mean.mean()
        logs = logs - ((b / bias_sd) ** 2 + ((k - usual) / skill_sd) ** 2) / 2 - counts.sum(0) * k
        for node, (at, log) in enumerate(zip(b, k, strict=True)):
            logs[node] -= 2.5 * np.log1p((gap - at) ** 2 * (precision * np.exp(-2 * log))).sum(0)
        share = np.exp(logs - logs.max(0))
        share /= share.sum(0)
        bias, skill = (_moments(share, at) for at in (b, k))
        # What the noise and the spread are taken to be at first is near the truth, and not the truth.
        bias_sd = float(np.sqrt((bias.mean**2 + bias.sd**2).mean()))
        skill_sd = float(np.sqrt(((skill.mean - skill.mean.mean()) ** 2 + skill.sd**2).mean()))
    return bias, skill


def _moments(share: Floats, at: Floats) -> _Normal:
    mean = (share * at).sum(0)
    return _Normal(mean, np.sqrt((share * (at - mean) ** 2).sum(0)))


def _peaks(
    said: Floats, counts: Floats, noise: Floats, bias_sd: float, skill_sd: float
) -> tuple[Floats, _Normal, _Normal]:
    """Return where answers lie to each question, and about where each expert's bias and factor on the noise are.

    Experts' effects and questions' centres are improved in turn.
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
    return centre, _Normal(bias, bias_precision**-0.5), _Normal(skill, skill_precision**-0.5)
