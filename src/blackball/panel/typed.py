"""Give the text of judgements its types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from blackball.panel.words import numbers, pair

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["CELL", "cell_ids", "negated", "typed"]

CELL = ["expert", "question", "regime", "given", "round"]
"""What makes one answer: one expert on one question in one regime given one thing, in one round."""

ROUND = re.compile(r"0*[1-9][0-9]{0,8}")


def typed(cells: pd.DataFrame) -> pd.DataFrame:
    """Give the text of judgements its types.

    Parameters
    ----------
    cells : pandas.DataFrame
        The text of the file's columns.

    Returns
    -------
    pandas.DataFrame
        The same rows with `round` an int (0 where it is none; empty means 1), `level` and `value` as given,
        and three columns more: `probability` (the level in (0, 1), NaN where the form has none), `number`
        (the value on its natural scale, odds as a probability, NaN where it is none) and `illustrative`
        (whether the source begins with that word).
    """
    frame = cells.reset_index(drop=True)
    frame["round"] = np.array([_round(text) for text in cells["round"]], dtype="int64")
    at_level = frame["form"].isin(["quantile", "ratio"])
    frame["probability"] = np.where(at_level, numbers(cells["level"]), np.nan)
    frame["number"] = numbers(cells["value"])
    odds = (frame["form"] == "odds").to_numpy()
    frame.loc[odds, "number"] = _odds(cells["value"][odds].tolist())
    frame["illustrative"] = frame["source"].str.lower().str.startswith("illustrative").to_numpy(dtype=bool)
    return frame


def cell_ids(judgements: pd.DataFrame) -> NDArray[np.int64]:
    """Number the answers that the rows belong to.

    Parameters
    ----------
    judgements : pandas.DataFrame
        Typed judgements.

    Returns
    -------
    ndarray of int, shape (rows,)
    """
    return np.asarray(judgements.groupby(CELL, sort=False).ngroup(), dtype="int64")


def negated(given: str) -> tuple[bool, str]:
    """Split what is given into whether it is denied, and the question.

    Parameters
    ----------
    given : str
        `c` or `not c`.

    Returns
    -------
    tuple of bool and str
    """
    return given.startswith("not "), given.removeprefix("not ").strip()


def _round(text: str) -> int:
    if not text:
        return 1
    return int(text) if ROUND.fullmatch(text) else 0


def _odds(texts: list[str]) -> NDArray[np.float64]:
    # For against against: 1:19 is 1 in 20.  Zero on either side stands for certainty, which odds cannot say.
    sides = pair(texts)
    sides[(sides <= 0).any(axis=1)] = np.nan
    chance: NDArray[np.float64] = 1 / (1 + sides[:, 1] / sides[:, 0])
    chance[(chance <= 0) | (chance >= 1)] = np.nan
    return chance
