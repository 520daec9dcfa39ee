"""Methods compared on the same questions: paired differences, with intervals over studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

__all__ = ["FEW", "LOWER_IS_BETTER", "by_study", "caution", "paired"]

LOWER_IS_BETTER = ("brier", "crps", "pinball")
"""Scores that are losses; the others are gains."""

FEW = 5
"""With fewer studies a difference between methods is mostly luck, and resampling them does not show how much."""

RESAMPLES = 10_000
INTERVAL = (0.025, 0.975)


def by_study(scores: pd.DataFrame, score: str) -> pd.DataFrame:
    """Return each method's mean score in each study.

    Parameters
    ----------
    scores : pandas.DataFrame
        One row a prediction: panel, method, and a column a score.
    score : str
        Name of the score.

    Returns
    -------
    pandas.DataFrame
        Index panel, columns method; NaN where a method was not scored.
    """
    return scores.dropna(subset=[score]).pivot_table(index="panel", columns="method", values=score)


def paired(scores: pd.DataFrame, score: str, reference: str, seed: int = 1) -> pd.DataFrame:
    """Compare every method with a reference, study by study.

    Studies are resampled with replacement, all methods on the same ones, so that the interval says how far the
    comparison would move with other studies like these.

    Parameters
    ----------
    scores : pandas.DataFrame
        As for `by_study`.
    score : str
    reference : str
        A method.
    seed : int
        Of the resampling.

    Returns
    -------
    pandas.DataFrame
        Index method: `mean` score; `difference` from the reference, `low` and `high` (95 % interval of it); `relative`,
        the difference as a share of the reference's mean, with `relative_low` and `relative_high`; `wins`, studies in
        which the method is better; `studies`, in which both were scored, and whether these are too `few` to compare by.
        Better means lower for `LOWER_IS_BETTER`. A method that shares no study with the reference is left out.

    Raises
    ------
    InputError
        If the reference was not scored.
    """
    table = by_study(scores, score)
    if reference not in table:
        scored = ", ".join(map(str, table.columns)) or "none"
        rule = f"no {score} of this method (valid: {scored})"
        raise InputError([Problem("scores", rule, column="reference", value=reference)])
    rng = np.random.default_rng(seed)
    rows = {}
    for method in table.columns:
        both = table[[reference, method]].dropna() if method != reference else table[[reference]].dropna()
        base, own = both[reference].to_numpy(), both[method].to_numpy()
        if len(base):
            rows[str(method)] = _row(base, own, rng, sign=-1.0 if score in LOWER_IS_BETTER else 1.0)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")


def caution(compared: Iterable[pd.DataFrame]) -> str:
    """Say of tables from `paired` that they rest on too few studies; empty if none does."""
    least = min((int(table["studies"].min()) for table in compared), default=FEW)
    if least >= FEW:
        return ""
    studies = "one study" if least == 1 else f"{least} studies"
    return (
        f"Only {studies} to compare methods by: differences are mostly luck, and their intervals do not show how much. "
        f"Take at least {FEW}, better dozens."
    )


def _row(
    base: NDArray[np.float64], own: NDArray[np.float64], rng: np.random.Generator, *, sign: float
) -> dict[str, float]:
    chosen = rng.integers(0, len(base), (RESAMPLES, len(base)))
    reference, moved = base[chosen].mean(axis=1), (own - base)[chosen].mean(axis=1)
    low, high = np.quantile(moved, INTERVAL)
    # A share of the reference means something for losses only, which are never negative.
    relative_low, relative_high = np.quantile(_share(moved, reference), INTERVAL)
    return {
        "mean": own.mean(),
        "difference": (own - base).mean(),
        "low": low,
        "high": high,
        "relative": float(_share((own - base).mean(), base.mean())),
        "relative_low": relative_low,
        "relative_high": relative_high,
        "wins": int((sign * (own - base) > 0).sum()),
        "studies": len(base),
        "few": len(base) < FEW,
    }


def _share(moved: ArrayLike, reference: ArrayLike) -> NDArray[np.float64]:
    """Return differences as shares of the reference; NaN where that is 0."""
    whole = np.abs(np.asarray(reference, dtype=float))
    return np.asarray(np.divide(moved, np.where(whole > 0, whole, np.nan)))
