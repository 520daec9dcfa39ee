"""What may be asked, and what each posterior draw takes the answer to be.

Open are the cells that the panel judges, its seeds aside, and every quantity and headline outcome that nobody has
judged yet. Values are in standard units, as `blackball.panel.encode` has them: differences on the link scale, over the
width and disagreement of the answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from blackball.decisions.headlines import grid, headlines, laid_out, same_spelling
from blackball.decisions.leaning import illustrative_priors, leaning
from blackball.panel.standards import DEFAULT_WIDTH
from blackball.panel.supports import link

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

__all__ = ["NEW", "Questions", "open_questions"]

NEW = "a new expert"
"""Whom to ask if nobody on the panel."""

KEY = ["variable", "at", "regime", "given", "reference"]
ENDS = 1e-12
"""Nearer to an end of its support than this share of it no value is placed: its link would be infinite."""


@dataclass(frozen=True, eq=False)
class Questions:
    """What may be asked.

    Attributes
    ----------
    table : pandas.DataFrame
        Index question (unique labels). Columns: id (of the panel's question; the variable where nobody judged it),
        variable, at, regime, given, reference, judged (bool), answers (number that count), width (of a usual answer, in
        units), illustrative (whether what is believed of it now has no published support of its own).
    truth : DataArray
        dims `("chain", "draw", "question")`, in standard units.
    """

    table: pd.DataFrame
    truth: xr.DataArray


def open_questions(fit: xr.DataTree) -> Questions:
    """List what may be asked of a fit.

    Parameters
    ----------
    fit : xarray.DataTree

    Returns
    -------
    Questions
    """
    encoded = fit["encoded"].to_dataset()
    judged = _judged(encoded)
    unjudged = _unjudged(fit, judged, encoded)
    table = pd.concat([judged, unjudged])
    truth = [
        (_linked(fit["posterior"].dataset, row) - row["centre"]) / row["unit"] for row in judged.to_dict("records")
    ]
    for row in unjudged.to_dict("records"):
        linked = _linked(fit["posterior"].dataset, row)
        # Where nothing says how wide an answer is, it is as wide as what is believed.
        unit = row["unit"] if row["unit"] > 0 else float(linked.std()) or 1.0
        truth.append((linked - float(linked.median())) / unit)
    labels = pd.Index(table.index, name="question")
    columns = ["id", *KEY, "judged", "answers", "width", "illustrative"]
    return Questions(table[columns], xr.concat(truth, dim=labels).transpose("chain", "draw", "question"))


def _judged(encoded: xr.Dataset) -> pd.DataFrame:
    """Return the cells that the panel judges, seeds aside."""
    known = encoded["realisation"].notnull().values
    cells = encoded.isel(judged=np.flatnonzero(~known))
    texts = [*KEY, "support", "lower_bound", "upper_bound"]
    table = pd.DataFrame({name: cells[name].values for name in texts}, index=cells["judged"].values)
    answered = cells["answered"].values.astype(bool)
    published = answered & ~cells["illustrative"].values.astype(bool)
    return table.assign(
        id=cells["question"].values,
        centre=cells["centre"].values,
        unit=cells["unit"].values,
        width=cells["usual_width"].values,
        judged=True,
        answers=answered.sum(axis=1),
        illustrative=~published.any(axis=1),
    )


def _unjudged(fit: xr.DataTree, judged: pd.DataFrame, encoded: xr.Dataset) -> pd.DataFrame:
    """Return the elements of quantities and headline outcomes that nobody judges directly."""
    outcomes, priors = headlines(fit), illustrative_priors(fit)
    leans = leaning(fit, outcomes).set_index(["outcome", "at", "regime"])["leans"].to_dict()
    taken, widths = _taken(encoded), _widths(judged)
    rows = {}
    for name, variable in fit["posterior"].dataset.data_vars.items():
        if variable.attrs.get("kind") != "quantity" and name not in outcomes:
            continue
        support, low, high = _support(variable)
        shared = {"id": name, "support": support, "lower_bound": low, "upper_bound": high, "unit": widths[support]}
        for cell in grid(laid_out(variable)).to_dict("records"):
            key = {"variable": name, "at": cell["at"], "regime": cell["regime"], "given": "", "reference": ""}
            if (name, same_spelling(cell["at"]), cell["regime"]) not in taken:
                label = " | ".join(part for part in (str(name), cell["at"], cell["regime"]) if part)
                marked = leans.get((name, cell["at"], cell["regime"]), name in priors)
                rows[label] = {**key, **shared, "illustrative": marked}
    table = pd.DataFrame(list(rows.values()), index=list(rows), columns=judged.columns)
    return table.assign(width=1.0, judged=False, answers=0)


def _taken(encoded: xr.Dataset) -> set[tuple[str, str, str]]:
    """Return what the panel judges itself, neither given anything nor against another regime, seeds included."""
    cells = zip(*(encoded[name].values.tolist() for name in KEY), strict=True)
    return {
        (variable, same_spelling(at), regime)
        for variable, at, regime, given, reference in cells
        if not given and not reference
    }


def _widths(judged: pd.DataFrame) -> dict[str, float]:
    """Return the width of a usual answer on the link scale by support: the panel's own, else the default."""
    own = judged[judged["reference"] == ""]
    usual = (own["unit"] * own["width"]).groupby(own["support"]).median()
    return {**DEFAULT_WIDTH, **{str(support): float(width) for support, width in usual.items()}}


def _support(variable: xr.DataArray) -> tuple[str, float, float]:
    """Return the support of a variable and its ends, from what the fit says of it, else from its unit."""
    attrs = variable.attrs
    usual = "probability" if attrs.get("unit", "") in ("", "probability") else "real"
    support = str(attrs.get("support", usual))
    return support, float(attrs.get("lower_bound", 0.0)), float(attrs.get("upper_bound", 1.0))


def _linked(posterior: xr.Dataset, row: Mapping[Hashable, Any]) -> xr.DataArray:
    """Return the draws of a cell on its link scale; a ratio is the difference of the logs of its two regimes."""
    support, ends = row["support"], (row["lower_bound"], row["upper_bound"])
    if row["reference"]:
        above, below = (_picked(posterior, row, row[which]) for which in ("regime", "reference"))
        return _on_link(above, "positive", ends) - _on_link(below, "positive", ends)
    return _on_link(_picked(posterior, row, row["regime"]), support, ends)


def _on_link(values: xr.DataArray, support: str, ends: tuple[float, float]) -> xr.DataArray:
    if support in ("probability", "bounded"):
        low, high = ends if support == "bounded" else (0.0, 1.0)
        margin = ENDS * (high - low)
        values = values.clip(low + margin, high - margin)
    elif support == "positive":
        values = values.clip(min=np.finfo(float).tiny)
    return values.copy(data=link(values.to_numpy(), support, *ends))


def _picked(posterior: xr.Dataset, row: Mapping[Hashable, Any], regime: str) -> xr.DataArray:
    """Return the draws of one element of a variable, by the labels of `at` and of the regime."""
    name = f"{row['variable']} given {row['given']}" if row["given"] else row["variable"]
    cells = laid_out(posterior[name])
    at = [same_spelling(label) for label in cells["at"].values].index(same_spelling(row["at"]))
    place = cells["regime"].values.tolist().index(regime)
    return cells.isel(at=at, regime=place, drop=True)
