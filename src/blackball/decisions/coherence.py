"""Where an expert's premises imply another conclusion than the expert states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.panel.supports import unlink

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["coherence"]


def coherence(fit: xr.DataTree) -> pd.DataFrame:
    """Set beside each other what experts' premises imply and what they state.

    Parameters
    ----------
    fit : xarray.DataTree

    Returns
    -------
    pandas.DataFrame
        expert, conclusion, premises (labels joined by "; "), implied and stated (natural scale, medians),
        ratio (stated / implied; NaN where implied is 0) and repeats (whether the two agree, so that the
        statement adds nothing).
    """
    arguments = fit["coherence"].to_dataset()
    judged = fit["encoded"].to_dataset().sel(judged=arguments["conclusion"].values.astype(object))
    ends = zip(
        judged["support"].values.tolist(),
        judged["lower_bound"].values.tolist(),
        judged["upper_bound"].values.tolist(),
        strict=True,
    )
    links = zip(arguments["implied"].values.tolist(), arguments["stated"].values.tolist(), ends, strict=True)
    natural = [[float(unlink(value, *end)) for value in pair] for *pair, end in links]
    implied, stated = np.array(natural, dtype=float).reshape(-1, 2).T
    texts = {name: arguments[name].values.astype(object) for name in ("expert", "conclusion", "premises")}
    quotient = stated / np.where(implied == 0, np.nan, implied)
    repeats = arguments["repeats"].values.astype(bool)
    return pd.DataFrame({**texts, "implied": implied, "stated": stated, "ratio": quotient, "repeats": repeats})
