"""What a script hands over, a value or the path to one, and what a fit was made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.inference import model_of_fit, regimes_of_fit
from blackball.panel import Panel, panel_of_fit, read_panel

if TYPE_CHECKING:
    import pymc as pm
    import xarray as xr

__all__ = ["model_of", "read_given_panel"]


def read_given_panel(panel: Panel | str | Path) -> Panel:
    """Return a panel, read unless it was.

    Raises
    ------
    InputError
        As `read_panel`.
    """
    return panel if isinstance(panel, Panel) else read_panel(panel)


def model_of(fit: xr.DataTree) -> pm.Model:
    """Build the model of a fit again, from the fit alone."""
    return model_of_fit(fit).build(panel_of_fit(fit), regimes_of_fit(fit), fit.attrs["experts"])
