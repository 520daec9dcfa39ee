"""Evidence with known counts: tests that were run, not judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pymc as pm
import pymc.dims as pmd
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import ModelError

__all__ = ["evidence"]


def evidence(name: str, rate: XTensorVariable, *, events: int | Sequence[int], trials: int) -> None:
    """Let a published count inform a rate: `events ~ Binomial(trials, rate)`.

    Parameters
    ----------
    name : str
        Name of the observed variable.
    rate : XTensorVariable
        A probability, such as the share of planted model organisms that a test catches today; with one dim, each
        of its labels has a count of its own.
    events : int or sequence of int
        0 <= events <= trials; as many as `rate` has labels.
    trials : int
        At least 1.

    Raises
    ------
    ModelError
        If the counts are impossible, or not as many as the rate has labels.
    """
    counts = np.asarray(events)
    whole = np.array_equal(counts, np.floor(counts)) and trials == int(trials)
    if not whole or trials < 1 or (counts < 0).any() or (counts > trials).any():
        rule = "whole numbers with 0 <= events <= trials and trials >= 1"
        raise ModelError(f"{name}: {events} events of {trials} trials; must be {rule}")
    labels = [len(pm.modelcontext(None).coords[dim]) for dim in rate.type.dims]
    if counts.shape != tuple(labels):
        raise ModelError(f"{name}: events has shape {counts.shape}, but the rate has dims {rate.type.dims} of {labels}")
    pmd.Binomial(
        name,
        n=pmd.Data(f"{name}_trials", np.int64(trials)),
        p=rate,
        observed=pmd.Data(f"{name}_events", counts.astype(np.int32), dims=rate.type.dims),
    )
