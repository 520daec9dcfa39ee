"""What it would tell one person to learn whether a crux comes true, from the probabilities that the person stated.

A person who gives P(U), P(c) and P(U|c) has also given P(U|not c), by the law of total probability. The value of
information of the crux is by how much P(U) is expected to move,

    P(c) |P(U|c) - P(U)| + P(not c) |P(U|not c) - P(U)|,

which is twice the most that the crux can be worth in a bet on U at the person's own odds. Where the implied P(U|not c)
is no probability the three numbers contradict each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.errors import InputError, Problem

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["crux_values"]

NEAR = 1e-12
"""By so much, as a share of P(U), an implied probability may lie outside [0, 1] for the rounding of floats."""


def crux_values(outcome: ArrayLike, crux: ArrayLike, given: ArrayLike) -> pd.DataFrame:
    """Return the value of information of cruxes.

    Parameters
    ----------
    outcome : array_like
        P(U), one for each row: the outcome of interest.
    crux : array_like
        P(c): that the crux comes true.
    given : array_like
        P(U|c). NaN in any of the three where it was not stated.

    Returns
    -------
    pandas.DataFrame
        One row for each: implied (P(U|not c)), value (in [0, 1]; NaN unless `status` is `coherent`) and status:
        `coherent`; `incoherent` where the implied probability is outside [0, 1]; `undefined` where a number is not
        stated, or P(c) is 1, so that nothing is said of the other case.

    Raises
    ------
    InputError
        If the three have not the same length, or a number is no probability.
    """
    columns = {"P(U)": outcome, "P(c)": crux, "P(U|c)": given}
    stated = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    if len({values.shape for values in stated.values()}) != 1:
        sizes = ", ".join(f"{name} has {values.size}" for name, values in stated.items())
        raise InputError([Problem("forecasts", f"the three columns are of one length: {sizes}")])
    problems = [
        Problem("forecasts", "a probability is a number in [0, 1]", int(row) + 1, name, float(values[row]))
        for name, values in stated.items()
        for row in np.flatnonzero((values < 0) | (values > 1))
    ]
    if problems:
        raise InputError(problems)
    u, c, if_true = stated.values()
    other = np.where(c < 1, 1 - c, np.nan)
    implied = (u - c * if_true) / other
    slack = NEAR * u
    coherent = (implied >= -slack) & (implied <= 1 + slack)
    status = np.where(np.isnan(implied), "undefined", np.where(coherent, "coherent", "incoherent"))
    moved = c * np.abs(if_true - u) + other * np.abs(implied - u)
    return pd.DataFrame({"implied": implied, "value": np.where(coherent, moved, np.nan), "status": status})
