"""How far each expert, and all illustrative numbers, move the headline outcomes; who answers unlike the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from blackball.decisions.headlines import grid, headlines, laid_out
from blackball.decisions.leaning import leaning

if TYPE_CHECKING:
    from blackball.inference import Refits

__all__ = ["SURPRISING", "Influence", "influence"]

SURPRISING = 0.01
"""Two-sided probability below which a single answer is unlike what the others lead to expect."""

EXPERTS = ["expert", "answers", "illustrative", "pit_mean", "p_uniform", "surprising"]


@dataclass(frozen=True, eq=False)
class Influence:
    """What hangs on whom.

    Attributes
    ----------
    fingerprint : str
        Of the whole fit.
    moves : pandas.DataFrame
        One row for each thing left out and each headline outcome, regime and label: left_out, outcome, regime, at,
        unit, mean (of the whole posterior), mean_without, shift (mean_without - mean), shift_sd (shift in posterior
        standard deviations of the whole), shift_percent (of the mean), mcse_sd (Monte Carlo standard error of
        shift_sd), failed (why the refit must not be used; empty if it may) and leans (whether the outcome leans on
        illustrative numbers, as `compare` says).
    refits : pandas.DataFrame
        One row for each thing left out: left_out, rows (judgements left out), failed.
    answers : pandas.DataFrame
        One row an answer: expert, judged, pit (without the expert's own answers; NaN where there was no such refit),
        pit_in_sample (with them), pit_prior (by the priors alone), illustrative, surprising (whether fewer than 1 % of
        expected answers lie as far out) and against_prior (the same by the priors: prior and judgement pull apart).
    experts : pandas.DataFrame
        One row an expert: expert, answers and illustrative (numbers of them), pit_mean (.5 is what the others lead to
        expect; above, the expert says more than they do), p_uniform (Kolmogorov-Smirnov, exact; too small where answers
        hang together) and surprising (number of such answers).
    """

    fingerprint: str
    moves: pd.DataFrame
    refits: pd.DataFrame
    answers: pd.DataFrame
    experts: pd.DataFrame


def influence(fit: xr.DataTree, refits: Refits) -> Influence:
    """Compare a fit with the refits without each expert.

    Parameters
    ----------
    fit : DataTree
    refits : Refits
        From `blackball.inference.leave_out`.

    Raises
    ------
    ModelError
        If the model marks no outcome as headline.
    """
    outcomes = headlines(fit)
    moves = [_moves(refit.left_out, refit.failed, outcomes, refit.outcomes) for refit in refits.refits]
    leans = leaning(fit, outcomes)[["outcome", "regime", "at", "leans"]]
    answers = _answers(refits, fit["encoded"].dataset["illustrative"])
    listed = [(refit.left_out, refit.rows, refit.failed) for refit in refits.refits]
    return Influence(
        str(fit.attrs["fingerprint"]),
        pd.concat(moves, ignore_index=True).merge(leans, on=["outcome", "regime", "at"], validate="many_to_one"),
        pd.DataFrame(listed, columns=["left_out", "rows", "failed"]),
        answers,
        pd.DataFrame([_expert(str(name), own) for name, own in answers.groupby("expert", sort=False)], columns=EXPERTS),
    )


def _moves(left_out: str, failed: str, outcomes: dict[str, xr.DataArray], without: xr.Dataset) -> pd.DataFrame:
    tables = []
    for name, whole in outcomes.items():
        cells = laid_out(whole)
        mean, error = _mean(cells)
        other, other_error = _mean(laid_out(without[name])) if name in without else (mean * np.nan, error * np.nan)
        spread = cells.std(("chain", "draw")).values
        shift = other - mean
        with np.errstate(divide="ignore", invalid="ignore"):
            columns = {
                "mean": mean,
                "mean_without": other,
                "shift": shift,
                "shift_sd": shift / spread,
                "shift_percent": 100 * shift / mean,
                "mcse_sd": np.hypot(error, other_error) / spread,
            }
        flat = {key: values.ravel() for key, values in columns.items()}
        tables.append(grid(cells).assign(unit=str(whole.attrs.get("unit", "")), **flat))
    moved = pd.concat(tables, ignore_index=True).assign(failed=failed)
    moved.insert(0, "left_out", left_out)
    return moved


def _mean(cells: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Return means and their Monte Carlo standard errors: (regime, at)."""
    import arviz_stats as az

    # What is the same in every draw has no error: ArviZ divides 0 by 0 there.
    with np.errstate(invalid="ignore", divide="ignore"):
        error = az.mcse(cells, method="mean").transpose("regime", "at").values
    return cells.mean(("chain", "draw")).values, np.nan_to_num(error)


def _answers(refits: Refits, illustrative: xr.DataArray) -> pd.DataFrame:
    inside = refits.pit
    without = {refit.left_out: refit.pit for refit in refits.refits}
    rows = []
    for expert in inside["expert"].values.tolist():
        own = inside.sel(expert=expert).dropna("judged")
        alone = without[expert].to_series() if expert in without else pd.Series(dtype=float)
        for judged, value in zip(own["judged"].values.tolist(), own.values.tolist(), strict=True):
            marked = bool(illustrative.sel(expert=expert, judged=judged))
            prior = float(refits.prior.sel(expert=expert, judged=judged))
            rows.append((expert, judged, float(alone.get(judged, np.nan)), value, prior, marked))
    frame = pd.DataFrame(rows, columns=["expert", "judged", "pit", "pit_in_sample", "pit_prior", "illustrative"])
    far = {"surprising": frame["pit"], "against_prior": frame["pit_prior"]}
    return frame.assign(**{name: 2 * np.minimum(values, 1 - values) < SURPRISING for name, values in far.items()})


def _expert(name: str, own: pd.DataFrame) -> dict[str, object]:
    known = own["pit"].dropna()
    uniform = float(stats.kstest(known, "uniform").pvalue) if len(known) else np.nan
    return {
        "expert": name,
        "answers": len(own),
        "illustrative": int(own["illustrative"].sum()),
        "pit_mean": known.mean() if len(known) else np.nan,
        "p_uniform": uniform,
        "surprising": int(own["surprising"].sum()),
    }
