"""Camps: experts who err together, by a bias that they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.hyperpriors import constants

__all__ = ["Camps", "camps_of"]


@dataclass(frozen=True)
class Camps:
    """What camps of more than one expert add to where their members' answers lie.

    Attributes
    ----------
    mean : XTensorVariable
        Mean over all experts of the bias of the camp; 0 for who has none.
    of_expert : XTensorVariable
        dims `("expert",)`: how the own camp's bias differs from it.
    alone : ndarray of float
        1 for each expert who is the only one of a camp, else 0.
    """

    mean: XTensorVariable
    of_expert: XTensorVariable
    alone: np.ndarray


def camps_of(encoded: xr.Dataset) -> Camps:
    """Create the biases of camps.

    How camps differ is told by the answers of many exactly, their mean only together with where all answers lie. So
    both are variables, in place of the camps' biases, and the sampler need not move along a ridge.

    Parameters
    ----------
    encoded : Dataset
        From `blackball.panel.encode`.
    """
    names, camp, size = np.unique(encoded["camp"].values, return_inverse=True, return_counts=True)
    shared = np.flatnonzero(size > 1)
    member = np.isin(camp, shared)
    alone = (~member).astype(float)
    if not shared.size:
        return Camps(as_xtensor(0.0), as_xtensor(np.zeros(len(camp)), dims=("expert",)), alone)
    sd = constants()["camp_sd"]
    bias = as_xtensor(member / np.sqrt(shared.size), dims=("expert",)) * (sd * pmd.Normal("camp_common", 0.0, 1.0))
    if shared.size > 1:
        pm.modelcontext(None).add_coords({"camp_contrast": names[shared][1:].tolist()})
        rows = np.zeros((len(camp), shared.size - 1))
        rows[member] = _contrasts(shared.size)[np.searchsorted(shared, camp[member])]
        apart = sd * pmd.Normal("camp_apart", 0.0, 1.0, dims="camp_contrast")
        bias = bias + (as_xtensor(rows, dims=("expert", "camp_contrast")) * apart).sum("camp_contrast")
    mean = bias.mean("expert")
    return Camps(mean, bias - mean, alone)


def _contrasts(count: int) -> np.ndarray:
    """Return orthonormal columns, one less than rows, that all sum to 0."""
    basis, _ = np.linalg.qr(np.column_stack([np.ones(count), np.eye(count)[:, 1:]]))
    return np.asarray(basis[:, 1:])
