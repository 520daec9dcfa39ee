"""Logarithms and log odds that stay finite, with finite gradients, where a probability is 0 or 1."""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.labelled import Labelled, Tensor, labelled

__all__ = ["TINY", "floored_log", "lifted", "log_complement", "shifted"]

TINY = 1e-100
"""Stands for zero under a logarithm or a quotient: small enough to vanish beside any probability, large
enough that its square and its cube are still doubles, which gradients need."""

LARGEST_SHIFT = 150.0
"""Stands for any larger shift in log odds: it takes a chance to 1e-65 of itself, and a gradient may still divide by
the fourth power of its exponential."""


def lifted(value: Labelled) -> Tensor:
    """Lift a non-negative quantity off zero by `TINY`, which changes no value of ordinary size.

    Parameters
    ----------
    value : Labelled
        Any quantity; below 0 (by rounding) is read as 0.

    Returns
    -------
    XTensorVariable
        Same dims, at least `TINY`. Unlike a floor at `TINY` it keeps the gradient at 0 itself.
    """
    return px.math.maximum(labelled(value), 0.0) + TINY


def floored_log(value: Labelled) -> Tensor:
    """Take the logarithm of a non-negative quantity, finite at 0.

    Parameters
    ----------
    value : Labelled
        Any non-negative quantity.

    Returns
    -------
    XTensorVariable
        Same dims; at least ``log(TINY)``, about -230.
    """
    return px.math.log(lifted(value))


def log_complement(probability: Labelled, complement: Labelled | None = None) -> Tensor:
    """Take ``log(1 - p)`` with full relative accuracy for small p and for p near 1.

    Parameters
    ----------
    probability : Labelled
        p, in [0, 1].
    complement : Labelled, optional
        ``1 - p`` where the caller knows it more exactly than the subtraction would.

    Returns
    -------
    XTensorVariable
        In [log TINY, 0]: p = 1 is read as ``1 - TINY``.
    """
    p = labelled(probability)
    rest = 1 - p if complement is None else labelled(complement)
    # By way of the odds, one logarithm is accurate at both ends.
    return -px.math.log1p(p / lifted(rest))


def shifted(probability: Labelled, shift: Labelled) -> tuple[Tensor, Tensor]:
    """Shift a chance in log odds, ``log odds p' = log odds p + shift``.

    Parameters
    ----------
    probability : Labelled
        p, in [0, 1].
    shift : Labelled
        Any real number; beyond 150 either way it is read as 150.

    Returns
    -------
    tuple of XTensorVariable
        p' and 1 - p', each with full relative accuracy, with the dims of both arguments: 0 and 1 stay what they
        are. The gradient is finite everywhere.
    """
    p = labelled(probability)
    # Nothing is taken from a sum: a rewritten graph may add in any order, and lose the digits of 1 - p.
    good = (1 - p) * px.math.exp(px.math.clip(-labelled(shift), -LARGEST_SHIFT, LARGEST_SHIFT))
    return p / (p + good), good / (p + good)
