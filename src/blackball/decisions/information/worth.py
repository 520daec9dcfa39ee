"""What it is worth to learn something before choosing: expected loss avoided, and how much surer one gets.

Both are means over posterior draws of what the best rule found achieves in draws that it was not found on. So no
value is more than that of knowing everything, in these draws as in truth; chance is not reported as value; and the
Monte Carlo error is that of a mean. A rule that is not quite the best has a little less value, never more.

Strong, M., Oakley, J. E., & Brennan, A. (2014). Estimating multiparameter partial expected value of perfect
information from a probabilistic sensitivity analysis sample. Medical Decision Making, 34(3), 311-326.
https://doi.org/10.1177/0272989X13505910

Strong, M., Oakley, J. E., Brennan, A., & Breeze, P. (2015). Estimating the expected value of sample information using
the probabilistic sensitivity analysis sample. Medical Decision Making, 35(5), 570-583.
https://doi.org/10.1177/0272989X15575286
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.decisions.information.expected import expected, held_out
from blackball.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Worth", "evpi", "evppi", "evsi", "known_of", "reductions", "stakes_of", "worths"]

SAMPLES = ("chain", "draw")
FEWEST = 40
"""Draws with which a rule can be found and tried out."""


@dataclass(frozen=True)
class Worth:
    """What learning something is worth.

    Attributes
    ----------
    gain : float
        Expected loss that a better informed choice avoids, at least 0, in the unit of the loss; 0 with one regime.
    gain_mcse : float
        Its Monte Carlo standard error.
    sharper : float
        In [0, 1]: by which share the standard deviation of the losses is expected to fall, in root mean square over
        regimes.  It needs no choice.
    sharper_mcse : float
    """

    gain: float
    gain_mcse: float
    sharper: float
    sharper_mcse: float


def evpi(loss: xr.DataArray) -> Worth:
    """Return the expected value of perfect information: of knowing the loss of every regime.

    Parameters
    ----------
    loss : DataArray
        Posterior draws, dims `("chain", "draw", "regime")`; less is better.

    Returns
    -------
    Worth

    Raises
    ------
    ModelError
        If the loss has other dims, too few draws, or numbers that are not finite.
    """
    stakes = stakes_of(loss)
    return worths(loss, [reductions(stakes, stakes)])[0]


def evppi(loss: xr.DataArray, parameter: xr.DataArray) -> Worth:
    """Return the expected value of perfect information about one parameter.

    Parameters
    ----------
    loss : DataArray
        As for `evpi`.
    parameter : DataArray
        The same draws of the parameter, dims `chain`, `draw` and any others: all its numbers are learned at once.
        Their effects on the loss are taken to add up, on any scale each; where they do not, the value is more.

    Returns
    -------
    Worth
        At most `evpi(loss)`, in every sample.

    Raises
    ------
    ModelError
        As `evpi`, or if the parameter has other draws or numbers that are not ordered.
    """
    stakes = stakes_of(loss)
    found = held_out(expected(stakes[None], known_of(loss, parameter)))
    return worths(loss, [reductions(stakes, found)])[0]


def evsi(loss: xr.DataArray, parameter: xr.DataArray, answer: xr.DataArray) -> Worth:
    """Return the expected value of sample information: of an answer that says something of a parameter.

    The losses are foreseen from the parameter first, and that from the answer: as the answer bears on the losses
    through the parameter alone, this is what one expects with the answer, with less noise.

    Parameters
    ----------
    loss : DataArray
        As for `evpi`.
    parameter : DataArray
        What the answer is about, as for `evppi`.
    answer : DataArray
        One answer for each draw, simulated from the parameter of that draw; dims as for `evppi`.

    Returns
    -------
    Worth
        At most `evpi(loss)`, in every sample; beyond Monte Carlo error at most `evppi(loss, parameter)`.

    Raises
    ------
    ModelError
        As `evppi`.
    """
    stakes = stakes_of(loss)
    about = expected(stakes[None], known_of(loss, parameter))
    return worths(loss, [reductions(stakes, held_out(expected(about, known_of(loss, answer))))])[0]


def stakes_of(loss: xr.DataArray) -> Floats:
    """Return what is at stake, (sample, regime), chains one after the other.

    Returns
    -------
    ndarray
        First the loss of the regime that is best as things stand, then how much more each other regime loses. These
        differences are foreseen rather than losses: what all regimes share cancels.

    Raises
    ------
    ModelError
        As `evpi`.
    """
    if set(loss.dims) != {*SAMPLES, "regime"}:
        raise ModelError(f"a loss has the dims chain, draw and regime, not {', '.join(map(str, loss.dims))}")
    losses = loss.transpose(*SAMPLES, "regime").to_numpy().astype(float).reshape(-1, loss.sizes["regime"])
    if not np.isfinite(losses).all():
        raise ModelError("a loss is not finite in every draw")
    if len(losses) < FEWEST:
        raise ModelError(f"the fit has {len(losses)} draws: the value of information needs {FEWEST} or more")
    now = int(np.argmin(losses.mean(axis=0)))
    best = losses[:, [now]]
    return np.hstack([best, np.delete(losses, now, axis=1) - best])


def known_of(loss: xr.DataArray, parameter: xr.DataArray) -> Floats:
    """Return what is learned in each draw as (sample, number), in the order of `stakes_of`.

    Raises
    ------
    ModelError
        As `evppi`.
    """
    same = all(name in parameter.dims and parameter.sizes[name] == loss.sizes[name] for name in SAMPLES)
    if not same:
        raise ModelError("what is learned has other draws than the loss")
    others = [dim for dim in parameter.dims if dim not in SAMPLES]
    known = parameter.transpose(*SAMPLES, *others).to_numpy().astype(float)
    if np.isnan(known).any():
        raise ModelError(f"{parameter.name or 'what is learned'} is not a number in every draw")
    return np.asarray(known.reshape(loss.sizes["chain"] * loss.sizes["draw"], -1))


def reductions(stakes: Floats, found: Floats) -> Floats:
    """Return what foreseen stakes achieve in each draw: loss avoided, and share of the variance explained.

    Parameters
    ----------
    stakes, found : ndarray, (sample, regime)
        As they are, from `stakes_of`, and as they are foreseen.

    Returns
    -------
    ndarray, (2, sample)
    """
    (now, more), (now_found, more_found) = (_apart(values) for values in (stakes, found))
    avoided = -np.take_along_axis(more, np.argmin(more_found, axis=1)[:, None], axis=1)[:, 0]
    losses = now + more
    before = (losses - losses.mean(axis=0)) ** 2
    explained = (before - (losses - now_found - more_found) ** 2).sum(axis=1)
    return np.array([avoided, explained / (before.sum(axis=1).mean() or 1.0)])


def _apart(stakes: Floats) -> tuple[Floats, Floats]:
    """Return the loss of the best regime of now, (sample, 1), and how much more each regime loses."""
    return stakes[:, :1], np.hstack([np.zeros((len(stakes), 1)), stakes[:, 1:]])


def worths(loss: xr.DataArray, achieved: Sequence[Floats]) -> list[Worth]:
    """Return the worth of each thing learned from what it achieves in each draw, given by `reductions`."""
    samples = np.array(achieved)
    means, errors = samples.mean(axis=2), _errors(loss, samples)
    found = []
    for (gain, share), (gain_mcse, share_mcse) in zip(means.tolist(), errors.tolist(), strict=True):
        left = (1 - min(max(share, 0.0), 1.0)) ** 0.5
        # Near certainty the square root has no slope to speak of; its error is then that of the share itself.
        found.append(Worth(max(gain, 0.0), gain_mcse, 1 - left, share_mcse / (2 * max(left, 0.5))))
    return found


def _errors(loss: xr.DataArray, samples: Floats) -> Floats:
    """Return Monte Carlo standard errors of means over draws (Vehtari et al. 2021, 10.1214/20-BA1221)."""
    import arviz_stats as az

    varies = np.ptp(samples, axis=2) > 0
    errors = np.zeros(varies.shape)
    if varies.any():
        shape = (-1, loss.sizes["chain"], loss.sizes["draw"])
        draws = xr.DataArray(samples[varies].reshape(shape), dims=("learned", *SAMPLES))
        errors[varies] = az.mcse(draws, method="mean").to_numpy()
    return errors
