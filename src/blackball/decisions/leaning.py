"""Which results lean on illustrative numbers, which are nobody's published view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.headlines import grid, laid_out, same_spelling

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["illustrative_inputs", "illustrative_priors", "leaning"]


def leaning(fit: xr.DataTree, outcomes: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Count what supports each result directly.

    A result leans on illustrative numbers if an illustrative judgement judges it, or if no published judgement does
    and its regime has illustrative parameters, or the whole panel is illustrative.

    Parameters
    ----------
    fit : xarray.DataTree
    outcomes : dict of str to DataArray
        From `headlines`.

    Returns
    -------
    pandas.DataFrame
        One row for each outcome, regime and label: outcome, regime, at, published and illustrative (number of
        experts' answers that judge exactly this result, a ratio to the reference included), share (of the
        illustrative in both; NaN without any), parameters (illustrative ones of the regime, joined by ", ")
        and leans (bool).
    """
    cells = pd.concat([grid(laid_out(variable)) for variable in outcomes.values()], ignore_index=True)
    keyed = cells.assign(labels=cells["at"].map(same_spelling))
    counted = keyed.merge(_direct(fit["encoded"].to_dataset()), how="left", on=["outcome", "regime", "labels"])
    counts = counted[["published", "illustrative"]].fillna(0).astype(int)
    total = counts.sum(axis=1)
    marked = _parameters(fit)
    parameters = pd.Series([marked.get(regime, "") for regime in cells["regime"]], dtype=object)
    unsupported = (parameters != "") | _all_illustrative(fit["encoded"].to_dataset())
    leans = (counts["illustrative"] > 0) | (unsupported & (counts["published"] == 0))
    share = counts["illustrative"] / total.where(total > 0)
    return cells.assign(**counts, share=share, parameters=parameters, leans=leans)


def illustrative_priors(fit: xr.DataTree) -> tuple[str, ...]:
    """Name the quantities whose prior is marked illustrative: every result leans on them through the model.

    Returns
    -------
    tuple of str
        In the posterior's order.
    """
    posterior = fit["posterior"].dataset
    quantities = {
        str(name): posterior[name].attrs for name in posterior if posterior[name].attrs.get("kind") == "quantity"
    }
    return tuple(
        name for name, attrs in quantities.items() if str(attrs.get("source", "")).lower().startswith("illustrative")
    )


def illustrative_inputs(fit: xr.DataTree, outcomes: dict[str, xr.DataArray]) -> tuple[str, ...]:
    """Name what else illustrative judgements judge: quantities through which every result may lean on them.

    Returns
    -------
    tuple of str
        Variables other than the given outcomes with at least one illustrative answer, sorted.
    """
    encoded = fit["encoded"].to_dataset()
    marked = encoded["variable"].values[encoded["illustrative"].values.astype(bool).any(axis=1)]
    return tuple(sorted({str(name) for name in marked} - outcomes.keys() - {""}))


def _all_illustrative(encoded: xr.Dataset) -> bool:
    """Whether there are answers and not one of them is published."""
    answered, illustrative = (encoded[name].values.astype(bool) for name in ("answered", "illustrative"))
    return bool(answered.any() and not (answered & ~illustrative).any())


def _direct(encoded: xr.Dataset) -> pd.DataFrame:
    """Count answers to each judged value: outcome, regime, labels, published, illustrative."""
    answered = encoded["answered"].values.astype(bool)
    illustrative = encoded["illustrative"].values.astype(bool) & answered
    frame = pd.DataFrame(
        {
            "outcome": encoded["variable"].values.astype(str),
            "regime": encoded["regime"].values.astype(str),
            "labels": [same_spelling(at) for at in encoded["at"].values.astype(str)],
            "published": (answered & ~illustrative).sum(axis=1),
            "illustrative": illustrative.sum(axis=1),
        }
    )
    # Given a crux another variable is judged, and a seed's truth is known.
    itself = (encoded["given"].values.astype(str) == "") & np.isnan(encoded["realisation"].values)
    counts: pd.DataFrame = frame[itself].groupby(["outcome", "regime", "labels"], as_index=False).sum()
    return counts


def _parameters(fit: xr.DataTree) -> dict[str, str]:
    if "regimes" not in fit.children:
        return {}
    regimes = fit["regimes"].to_dataset()
    names, marked = regimes["regime"].values.tolist(), regimes["illustrative"].values.tolist()
    return dict(zip(names, marked, strict=True))
