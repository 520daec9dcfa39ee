"""Write the figures of a fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.decisions.history import history
from blackball.reporting.agreement import agreement
from blackball.reporting.forest import forest
from blackball.reporting.heatmap import heatmap
from blackball.reporting.moves import moves
from blackball.reporting.ridge import ridge
from blackball.reporting.shift import shift
from blackball.reporting.style import saved, styled
from blackball.reporting.survival import survival

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr
    from matplotlib.figure import Figure

    from blackball.decisions import Comparison

__all__ = ["drawn", "write_figures"]


def drawn(fit: xr.DataTree, comparison: Comparison) -> dict[str, Figure]:
    """Draw every figure of a fit; to be used, and saved, within `blackball.reporting.style.styled`.

    Parameters
    ----------
    fit : xarray.DataTree
    comparison : Comparison
        Of that fit.

    Returns
    -------
    dict of str to Figure
        `forest` (outcomes by regime), `ridge` (their whole posterior), `shift` (prior to posterior), `agreement`
        (experts by questions; if anybody answered); with at least two regimes `pairs`, with outcomes by horizon
        `survival`, and of a fit that was updated `moves` (who moved what).
    """
    figures = {"forest": forest(comparison), "ridge": ridge(fit, comparison), "shift": shift(fit, comparison)}
    if fit["encoded"].dataset["answered"].any():
        figures["agreement"] = agreement(fit, comparison)
    if len(comparison.pairs):
        figures["pairs"] = heatmap(comparison)
    if len(comparison.survival):
        figures["survival"] = survival(comparison)
    if history(fit):
        figures["moves"] = moves(fit, comparison)
    return figures


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
        Those of `drawn`.
    """
    with styled():
        figures = drawn(fit, comparison)
        return [path for name, figure in figures.items() for path in saved(figure, folder, name)]
