"""What one would expect once something is known: regression on posterior draws, each draw foreseen by the others.

A penalised spline in the normal scores of what is known: the answer does not change with the unit or the scale on
which it is told. Several numbers that are learned at once add up, without interactions. What is expected in a draw
comes from draws of other stretches of the chains, so that chance in its own losses is not taken for knowledge.

Eilers, P. H. C., & Marx, B. D. (1996). Flexible smoothing with B-splines and penalties. Statistical Science, 11(2),
89-121. https://doi.org/10.1214/ss/1038425655
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import BSpline
from scipy.linalg import block_diag
from scipy.special import ndtri
from scipy.stats import rankdata
from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["expected", "held_out"]

FOLDS = 10
DEGREE = 3
PIECES = 10
"""Pieces of the spline of one number."""

FEWEST = 1
COLUMNS = 60
"""About so many columns at most: each of many numbers that are learned at once has fewer pieces."""

PENALTIES = np.logspace(-6, 4, 21)
"""Penalties on curvature that are tried, per draw."""

RIDGE = 1e-9
"""Share of the mean square of a column that keeps collinear columns apart."""


def expected(values: Floats, known: Floats) -> Floats:
    """Return what values are expected to be, given what is known: once for each fold, found without its draws.

    Parameters
    ----------
    values : ndarray, (fold, sample, target)
        Chains one after the other: a fold is one stretch of them, so that neighbours mostly share it. What was foreseen
        before, without each fold, can itself be foreseen; a first axis of length 1 stands for all folds.
    known : ndarray, (sample, number)
        What is learned in each draw; numbers that never vary are allowed.

    Returns
    -------
    ndarray, (fold, sample, target)
    """
    # The matrices are small: several threads would mostly wait for each other, on a busy machine for long.
    with _libraries().limit(limits=1, user_api="blas"):
        return _expected(values, known)


def _expected(values: Floats, known: Floats) -> Floats:
    basis, penalty = _basis(known)
    centre = values.mean(axis=(0, 1))
    off = np.broadcast_to(values - centre, (FOLDS, *values.shape[1:]))
    folds = _folds(len(known))
    squares = basis.T @ basis - np.array([basis[rows].T @ basis[rows] for rows in folds])
    pairs = list(zip(folds, off, strict=True))
    products = np.array([basis.T @ own - basis[rows].T @ own[rows] for rows, own in pairs])
    sizes = np.array([(own**2).sum(axis=0) - (own[rows] ** 2).sum(axis=0) for rows, own in pairs])
    counts = np.array([[len(known) - len(rows)] for rows in folds], dtype=float)
    return np.asarray(basis @ _fitted(squares, products, sizes, counts, penalty) + centre)


def held_out(found: Floats) -> Floats:
    """Return of what `expected` found each draw's own: (sample, target), found without the fold of the draw."""
    return np.vstack([own[rows] for rows, own in zip(_folds(found.shape[1]), found, strict=True)])


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


def _folds(count: int) -> list[NDArray[np.intp]]:
    return np.array_split(np.arange(count), FOLDS)


def _basis(known: Floats) -> tuple[Floats, Floats]:
    """Return the columns of all splines side by side, and the penalty on their curvature."""
    varying = known[:, np.ptp(known, axis=0) > 0]
    count = varying.shape[1]
    if not count:
        return np.ones((len(known), 1)), np.zeros((1, 1))
    scores = ndtri(rankdata(varying, axis=0) / (len(varying) + 1))
    pieces = PIECES if count == 1 else max(FEWEST, min(PIECES, COLUMNS // count - DEGREE))
    columns = np.hstack([_splines(scores[:, place], pieces) for place in range(count)])
    curvature = np.diff(np.eye(pieces + DEGREE), 2, axis=0)
    return columns, np.asarray(block_diag(*[curvature.T @ curvature] * count))


def _splines(score: Floats, pieces: int) -> Floats:
    low, high = score.min(), score.max()
    step = (high - low) / pieces
    knots = low + step * np.arange(-DEGREE, pieces + DEGREE + 1)
    # The ends of the range are knots up to rounding: a score may lie beyond by as much.
    inside = np.clip(score, knots[DEGREE], knots[-DEGREE - 1])
    return np.asarray(BSpline.design_matrix(inside, knots, DEGREE).toarray())


def _fitted(squares: Floats, products: Floats, sizes: Floats, counts: Floats, penalty: Floats) -> Floats:
    """Return coefficients with the penalty that generalised cross-validation likes best, for each fold and target.

    In the basis of Demmler and Reinsch both the fit and its degrees of freedom are sums over columns.

    Parameters
    ----------
    squares : ndarray, (fold, column, column)
    products : ndarray, (fold, column, target)
    sizes : ndarray, (fold, target)
    counts : ndarray, (fold, 1)
    penalty : ndarray, (column, column)

    Returns
    -------
    ndarray, (fold, column, target)
    """
    width = squares.shape[-1]
    ridge = RIDGE * np.trace(squares, axis1=1, axis2=2)[:, None, None] / width
    inverse = np.linalg.inv(np.linalg.cholesky(squares + ridge * np.eye(width)))
    rough, turn = np.linalg.eigh(inverse @ penalty @ inverse.swapaxes(1, 2))
    basis = turn.swapaxes(1, 2) @ inverse
    loading = basis @ products
    kept = 1 / (1 + counts[:, None] * PENALTIES[:, None] * np.clip(rough, 0.0, None)[:, None])
    residual = sizes[:, None] - (2 * kept - kept**2) @ loading**2
    freedom = kept.sum(axis=2, keepdims=True)
    best = np.argmin(residual / (counts[:, None] - freedom) ** 2, axis=1)
    chosen = np.take_along_axis(kept, best[:, :, None], axis=1)
    return np.asarray(basis.swapaxes(1, 2) @ (chosen.swapaxes(1, 2) * loading))
