"""Evidence with known counts: tests that were run, not judged."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pymc.dims as pmd
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import ModelError

__all__ = ["evidence"]


def evidence(name: str, rate: XTensorVariable, *, events: int, trials: int) -> None:
    """Let a published count inform a rate: `events ~ Binomial(trials, rate)`.

    Parameters
    ----------
    name : str
        Name of the observed variable.
    rate : XTensorVariable
        A probability without dims, such as the share of planted model organisms that a test catches today.
    events, trials : int
        Counts, 0 <= events <= trials, trials >= 1.

    Raises
    ------
    ModelError
        If the counts are impossible.
    """
    if not 0 <= events <= trials or trials < 1:
        raise ModelError(f"{name}: {events} events of {trials} trials; 0 <= events <= trials, trials >= 1")
    with pm.modelcontext(None):
        pmd.Binomial(
            name,
            n=pmd.Data(f"{name}_trials", np.int64(trials)),
            p=rate,
            observed=pmd.Data(f"{name}_events", np.int64(events)),
        )
