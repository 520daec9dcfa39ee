"""What a fit was made of, rebuilt from the fit alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.regimes.read import parse_regimes
from blackball.risk_model import model_from_source

if TYPE_CHECKING:
    import xarray as xr

    from blackball.regimes import Regimes
    from blackball.risk_model import RiskModel

__all__ = ["model_of_fit", "regimes_of_fit"]


def model_of_fit(fit: xr.DataTree) -> RiskModel:
    """Return the risk model whose text the fit keeps.

    Raises
    ------
    ModelError
        If the text raises when executed: it was written for another version.
    """
    return model_from_source(fit.attrs["model"], fit.attrs["model_file"], fit.attrs["model_source"])


def regimes_of_fit(fit: xr.DataTree) -> Regimes | None:
    """Return the regimes whose text the fit keeps; None for a model without regimes.

    Raises
    ------
    InputError
        If the text is no valid regimes file: it was written for another version.
    """
    text, file = fit.attrs["regimes_text"], fit.attrs["regimes_file"]
    return parse_regimes(text, file) if text else None
