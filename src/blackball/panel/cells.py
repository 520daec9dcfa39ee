"""Reduce each expert's answer about each judged quantity to a location and two widths on the link scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.panel.fit import fit_quantiles
from blackball.panel.quantiles import quantiles
from blackball.panel.rounding import FINEST, ONLY_ENDS, digits, expert_grains, rounded
from blackball.panel.supports import link, unlink

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["answer_cells"]


def answer_cells(judgements: pd.DataFrame) -> pd.DataFrame:
    """Reduce answers to locations and widths.

    Parameters
    ----------
    judgements : pandas.DataFrame
        Typed judgements of one round for each answer, with the further columns cell (int), support,
        lower_bound and upper_bound of what is judged.

    Returns
    -------
    pandas.DataFrame
        Index cell, sorted.  On the link scale: location; lower and upper (scales of the halves, NaN without a
        width); rounding_lower and rounding_upper (scales that rounding adds, 0 without); low and high (ends
        of the interval that rounds to the location); residual.  Also illustrative (bool) and count (rows).
    """
    found = quantiles(judgements, judgements["cell"].to_numpy())
    places = judgements[["expert", "support", "lower_bound", "upper_bound"]].reset_index(drop=True)
    found = found.join(places, on="row")
    found["share"] = _shares(found)
    found["grain"] = _grains(found)
    found["link"] = _linked(found)
    cells = _fits(found)
    cells = cells.join(_rounding(found, cells))
    rows = judgements.groupby("cell")
    return cells.assign(illustrative=rows["illustrative"].any(), count=rows.size())


def _shares(found: pd.DataFrame) -> Floats:
    """Values as shares of the way from the lower to the upper end of a support that has both, else NaN."""
    low, high = found["lower_bound"].to_numpy(), found["upper_bound"].to_numpy()
    closed = found["support"].isin(["probability", "bounded"]).to_numpy()
    shares = np.full(len(found), np.nan)
    shares[closed] = ((found["value"].to_numpy() - low)[closed]) / (high - low)[closed]
    return shares


def _grains(found: pd.DataFrame) -> Floats:
    """Grain of each value as a share of its support, 0 for one that was not rounded.

    The expert's own grain, unless the same answer tells finer things apart: then intervals that stand for
    neighbouring values never overlap, and none reaches past 0 or 1.
    """
    share, grains = found["share"].to_numpy(), np.full(len(found), np.inf)
    inner = (share > 0) & (share < 1)
    spacing = _spacing(found)
    written = (found["support"].eq("probability") & found["grained"]).to_numpy()
    if written.any():
        said = found[written]
        places = digits(share[written])
        own = np.where(places <= FINEST, 10.0**-places, spacing[written])
        by_expert = said["expert"].map(expert_grains(said["expert"], said["share"])).to_numpy()
        grains[written] = np.minimum(by_expert, np.where(inner[written], own, np.inf))
    # A bounded value is taken as it stands, except on an end, whose link is infinite.
    bounded = found["support"].eq("bounded").to_numpy()
    grains[bounded] = np.where(inner, spacing, ONLY_ENDS)[bounded]
    answer = pd.Series(grains).groupby(found["cell"].to_numpy()).transform("min").to_numpy()
    return np.where(written | (bounded & ~inner), answer, 0.0)


def _spacing(found: pd.DataFrame) -> Floats:
    """Distance from each share to the nearest other one of 0, 1 and the shares of the same answer."""
    by_answer = found.groupby("cell")["share"]
    share = found["share"]
    gaps = [share, 1 - share, by_answer.diff(), -by_answer.diff(-1)]
    return np.array([np.where(gap > 0, gap, np.inf) for gap in gaps], dtype=float).min(axis=0)


def _linked(found: pd.DataFrame) -> Floats:
    linked = rounded(found["share"], found["grain"]).median.copy()
    for support in ("positive", "real"):
        chosen = found["support"].eq(support).to_numpy()
        linked[chosen] = link(found["value"].to_numpy()[chosen], support)
    return linked


def _fits(found: pd.DataFrame) -> pd.DataFrame:
    """Fit all answers that state the same levels at once."""
    size = found.groupby("cell")["cell"].transform("size").to_numpy()
    parts = []
    for count in np.unique(size):
        block = found[size == count]
        cell, levels, values = (block[column].to_numpy().reshape(-1, count) for column in ("cell", "level", "link"))
        patterns, which = np.unique(levels, axis=0, return_inverse=True)
        for number, pattern in enumerate(patterns):
            chosen = which.ravel() == number
            fitted = fit_quantiles(pattern, values[chosen])
            columns = {name: getattr(fitted, name) for name in ("location", "lower", "upper", "residual")}
            parts.append(pd.DataFrame(columns, index=pd.Index(cell[chosen, 0], name="cell")))
    return pd.concat(parts).sort_index()


def _rounding(found: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Say how far rounding reaches around each location: around the stated median, else the fitted one."""
    stated = found[found["level"] == 0.5].set_index("cell")[["share", "grain"]].reindex(cells.index)
    support = found.groupby("cell")["support"].first()
    # Between two stated values the grain of a probability still holds; an end's own grain does not.
    between = found.groupby("cell")["grain"].max().where(support == "probability", 0.0)
    share = stated["share"].fillna(pd.Series(unlink(cells["location"], "probability"), index=cells.index))
    grain = stated["grain"].fillna(between)
    # What is not rounded stands for itself, wherever it is, even where its share of a support means nothing.
    stands = rounded(share.where(grain > 0, 0.5), grain)
    location = cells["location"].to_numpy()
    return pd.DataFrame(
        {
            "rounding_lower": stands.lower,
            "rounding_upper": stands.upper,
            "low": location - (stands.median - stands.low),
            "high": location + (stands.high - stands.median),
        },
        index=cells.index,
    )
