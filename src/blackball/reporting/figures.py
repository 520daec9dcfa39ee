"""Write the figures of a fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.reporting.forest import forest
from blackball.reporting.heatmap import heatmap
from blackball.reporting.shift import shift
from blackball.reporting.style import saved, styled
from blackball.reporting.survival import survival

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from blackball.decisions import Comparison

__all__ = ["write_figures"]


def write_figures(fit: xr.DataTree, comparison: Comparison, folder: Path) -> list[Path]:
    """Write each figure as SVG and PNG, the same bytes for the same fit.

    Parameters
    ----------
    fit : xarray.DataTree
    comparison : Comparison
        Of that fit.
    folder : Path
        Exists and can be written.

    Returns
    -------
    list of Path
        `forest` (outcomes by regime), `shift` (prior to posterior); with at least two regimes `pairs`, and with
        outcomes by horizon `survival`.
    """
    with styled():
        drawn = {"forest": forest(comparison), "shift": shift(fit, comparison)}
        if len(comparison.pairs):
            drawn["pairs"] = heatmap(comparison)
        if len(comparison.survival):
            drawn["survival"] = survival(comparison)
        return [path for name, figure in drawn.items() for path in saved(figure, folder, name)]
