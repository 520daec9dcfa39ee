"""Break-even values: what would have to be true for a regime to be safer than the reference.

For each crux of the model, the value at which the regime's posterior mean outcome equals the reference's, all else
as the posterior has it; and the weight of a second outcome at which the first no longer decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.headlines import laid_out

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

__all__ = ["COLUMNS", "break_even", "break_even_weights"]

COLUMNS = [
    *("outcome", "at", "regime", "crux", "unit", "low", "high", "ratio_low", "ratio_high"),
    *("value", "safer", "p_safer"),
]
WEIGHT_COLUMNS = ["outcome", "against", "at", "regime", "difference", "against_difference", "weight", "better"]

FINENESS = 64
"""Places between two steps at which the signs of a difference are compared."""

ROUNDING = 1e-12
"""Smaller differences, as a share of the greatest, are none."""


def break_even(fit: xr.DataTree, outcomes: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Find where each regime changes places with the reference as one crux moves through its prior.

    Parameters
    ----------
    fit : xarray.DataTree
    outcomes : dict of str to DataArray
        From `headlines`; the first is the one that is compared, at its last label.

    Returns
    -------
    pandas.DataFrame
        One row for each crux and regime but the reference, or one for each crossing where there are several:
        outcome, at, regime, crux, unit, low and high (range searched, natural scale), ratio_low and ratio_high
        (how many times as risky as the reference at either end; NaN where that has no risk), value (where the two
        are equal; NaN where one is safer throughout), safer (side of the value on which the regime is safer:
        `below`, `above`, or `everywhere`, `nowhere`, `same` where the two never part), p_safer (posterior
        probability that the crux lies on the safer side of all crossings).  Empty if the model names no cruxes
        or compares no regimes.
    """
    name, first = next(iter(outcomes.items()))
    if "cruxes" not in fit.children or "regime" not in first.dims:
        return pd.DataFrame(columns=COLUMNS)
    swept = fit["cruxes"].to_dataset()
    means = laid_out(swept[name].stack(draw=("crux", "step"), create_index=False).expand_dims("chain"))
    means = means.isel(at=-1, chain=0)
    shape = (swept.sizes["crux"], swept.sizes["step"], -1)
    gaps = (means - means.isel(regime=0)).values.reshape(shape)
    reference = means.isel(regime=0)
    ratios = (means / reference.where(reference > 0)).values.reshape(shape)
    rows = []
    for i, crux in enumerate(swept["crux"].values.tolist()):
        draws = fit["posterior"].dataset[crux]
        unit = str(draws.attrs.get("unit", ""))
        values = swept["value"].values[i]
        for j, regime in enumerate(means["regime"].values.tolist()[1:], start=1):
            found = _sides(values, gaps[i, :, j], draws.values.ravel())
            place = (name, str(means["at"].item()), regime, crux, unit, values[0], values[-1])
            rows += [(*place, ratios[i, 0, j], ratios[i, -1, j], *row) for row in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def _sides(
    values: NDArray[np.float64], gap: NDArray[np.float64], draws: NDArray[np.float64]
) -> list[tuple[float, str, float]]:
    """Return value, safer side and probability of safety for each crossing of a regime's gap to the reference."""
    from scipy.interpolate import PchipInterpolator
    from scipy.optimize import brentq

    # Steps are even on the quantity's link scale, where both curves are smooth.
    steps = np.arange(len(values), dtype=float)
    curve, scale = PchipInterpolator(steps, gap), PchipInterpolator(steps, values)
    fine = np.linspace(0.0, steps[-1], 1 + FINENESS * (len(steps) - 1))
    heights = curve(fine)
    # Only a change of sign is a crossing: where both are equal for a while, or touch, neither passes the other.
    apart = np.flatnonzero(np.abs(heights) > ROUNDING * np.abs(heights).max())
    signs = np.sign(heights[apart])
    if not len(apart):
        return [(np.nan, "same", np.nan)]
    p_safer = float((curve(np.interp(draws, values, steps)) < 0).mean())
    changes = np.flatnonzero(np.diff(signs))
    if not len(changes):
        return [(np.nan, "everywhere" if signs[0] < 0 else "nowhere", p_safer)]
    found = [(brentq(lambda x: float(curve(x)), fine[apart[i]], fine[apart[i + 1]]), signs[i]) for i in changes]
    return [(float(scale(step)), "below" if before < 0 else "above", p_safer) for step, before in found]


def break_even_weights(outcomes: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Find the weight of each other outcome at which a regime equals the reference in the weighted sum.

    Parameters
    ----------
    outcomes : dict of str to DataArray
        From `headlines`; the first has weight 1, and those of another unit are left out. Each outcome is taken at
        its last label.

    Returns
    -------
    pandas.DataFrame
        One row for each other outcome and regime but the reference: outcome, against (the other outcome), at (label
        of the first), regime, difference and against_difference (posterior means, regime minus reference),
        weight (of the other outcome, where both regimes are equal; NaN unless one gains what the other loses),
        better (where the regime has the smaller sum: `below` or `above` that weight, `everywhere`, `nowhere`).
        Empty with fewer than two outcomes or regimes.
    """
    unit = next(iter(outcomes.values())).attrs.get("unit")
    alike = {name: one for name, one in outcomes.items() if "regime" in one.dims and one.attrs.get("unit") == unit}
    means = {name: laid_out(variable).isel(at=-1) for name, variable in alike.items()}
    if not means:
        return pd.DataFrame(columns=WEIGHT_COLUMNS)
    (name, first), *others = means.items()
    rows = []
    gap = _gaps(first)
    for other, variable in others:
        against = _gaps(variable)
        for j, regime in enumerate(first["regime"].values.tolist()[1:]):
            a, b = float(gap[j]), float(against[j])
            weight = -a / b if a * b < 0 else np.nan
            better = (
                ("below" if a < 0 else "above") if a * b < 0 else "everywhere" if max(a, b) <= 0 > a + b else "nowhere"
            )
            rows.append((name, other, str(first["at"].item()), regime, a, b, weight, better))
    return pd.DataFrame(rows, columns=WEIGHT_COLUMNS)


def _gaps(cells: xr.DataArray) -> NDArray[np.float64]:
    """Return each regime's posterior mean less the reference's."""
    means = cells.mean(("chain", "draw")).values
    gaps: NDArray[np.float64] = means[1:] - means[0]
    return gaps
