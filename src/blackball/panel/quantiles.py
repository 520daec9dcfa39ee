"""Read every form of judgement as quantiles of the expert's own distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.panel.words import pair

if TYPE_CHECKING:
    from typing import Literal

    from numpy.typing import ArrayLike, NDArray

__all__ = ["histogram_quantiles", "quantiles"]

COLUMNS = ["cell", "level", "value", "row", "grained"]
FALLBACK = np.array([0.05, 0.5, 0.95])


def quantiles(judgements: pd.DataFrame, cell: NDArray[np.int64]) -> pd.DataFrame:
    """Read every form of judgement as quantiles of the expert's own distribution.

    A quantile is itself; a point, odds and a ratio without a level are medians; an interval of confidence c
    around a best guess is the quantiles (1 - c)/2, .5 and (1 + c)/2; chips are the quantiles of their
    histogram.

    Parameters
    ----------
    judgements : pandas.DataFrame
        Typed judgements without problems inside a row.
    cell : ndarray of int, shape (rows,)
        Which answer each row belongs to.

    Returns
    -------
    pandas.DataFrame
        One row a quantile, sorted by cell and level: cell, level in (0, 1), value on the natural scale,
        row (position of the judgement it came from), grained (whether the value is a number that the expert
        wrote on the question's scale, and so was rounded as the expert rounds).
    """
    rows = judgements.assign(cell=cell, row=np.arange(len(judgements)), value=judgements["number"])
    plain = rows[rows["form"].isin(["quantile", "point", "odds", "ratio"])]
    plain = plain.assign(level=plain["probability"].fillna(0.5), grained=plain["form"].isin(["quantile", "point"]))
    parts = [plain[COLUMNS], _intervals(rows[rows["form"] == "interval"])]
    parts += [_chips(chips) for _, chips in rows[rows["form"] == "chips"].groupby("cell")]
    found = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return found.sort_values(["cell", "level", "row"], ignore_index=True)


def histogram_quantiles(edges: ArrayLike, counts: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quantiles of a histogram that is uniform inside each of its bins.

    They are taken at the edges between bins, where the expert's cumulative count is exact and nothing is
    assumed about the inside of a bin.  Where a gap or an empty bin leaves the cumulative count the same, the
    middle of that stretch stands for it.  If fewer than two levels remain, the 5 %, 50 % and 95 % quantiles
    of the histogram are used instead.

    Parameters
    ----------
    edges : array_like, shape (bins, 2)
        Lower and upper end of each bin; bins do not overlap.
    counts : array_like, shape (bins,)
        Chips in each bin; not negative, not all zero.

    Returns
    -------
    levels, values : ndarray of float, shape (quantiles,)
        Levels strictly inside (0, 1), increasing.
    """
    bins, chips = np.asarray(edges, dtype=float), np.asarray(counts, dtype=float)
    order = np.argsort(bins[:, 0])
    total = np.cumsum(chips[order])
    after = total / total[-1]
    points = bins[order].ravel()
    reached = np.column_stack([np.concatenate([[0.0], after[:-1]]), after]).ravel()
    levels = np.unique(reached[(reached > 0) & (reached < 1)])
    levels = levels if len(levels) > 1 else FALLBACK

    def inverse(side: Literal["left", "right"]) -> NDArray[np.float64]:
        end = np.searchsorted(reached, levels, side)
        share = (levels - reached[end - 1]) / (reached[end] - reached[end - 1])
        return np.asarray(points[end - 1] * (1 - share) + points[end] * share)

    # The two differ only where the cumulative count stays the same for a stretch.
    return levels, (inverse("left") + inverse("right")) / 2


def _intervals(rows: pd.DataFrame) -> pd.DataFrame:
    stated = rows[rows["level"] == "confidence"].set_index("cell")["number"]
    ends = rows[rows["level"] != "confidence"]
    confidence = ends["cell"].map(stated)
    side = ends["level"].map({"low": -1, "best": 0, "high": 1}).astype(float)
    # Rounded so that equal confidences give equal levels, whatever the last bit of the subtraction.
    return ends.assign(level=np.round(0.5 + side * confidence / 2, 12), grained=True)[COLUMNS]


def _chips(rows: pd.DataFrame) -> pd.DataFrame:
    levels, values = histogram_quantiles(pair(rows["level"].tolist()), rows["number"])
    found = pd.DataFrame({"level": levels, "value": values, "grained": False})
    return found.assign(cell=rows["cell"].iloc[0], row=rows["row"].iloc[0])[COLUMNS]
