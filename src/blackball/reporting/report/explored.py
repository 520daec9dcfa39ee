"""What the regime explorer in the page needs: draws as text, and what each slider is."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import numpy as np

from blackball.reporting.words import DAGGER, outcome_words, place_words, regime_words

if TYPE_CHECKING:
    import xarray as xr

    from blackball.decisions import Comparison
    from blackball.decisions.explorer import Explorer

__all__ = ["payload"]


def payload(explorer: Explorer, comparison: Comparison) -> dict[str, Any]:
    """Return the data of the explorer, to be written as JSON.

    Parameters
    ----------
    explorer : Explorer
    comparison : Comparison

    Returns
    -------
    dict
        `quantities` (name, words, mark, unit, support, lower_bound, upper_bound, mean, sd), `outcomes`
        (words, and rows of label and places by label of the outcome), `samples`, and `scores` and `results`:
        little-endian single precision in base64, one column after the other.
    """
    quantities = [
        {"name": name, "words": str(name).replace("_", " "), "mark": _mark(row["source"])}
        | {fact: row[fact] for fact in ("unit", "support", "lower_bound", "upper_bound", "mean", "sd")}
        for name, row in explorer.quantities.iterrows()
    ]
    return {
        "quantities": quantities,
        "outcomes": _outcomes(explorer, comparison),
        "samples": explorer.scores.sizes["sample"],
        "scores": _columns(explorer.scores.transpose("quantity", "sample")),
        "results": _columns(explorer.outcomes.transpose("result", "sample")),
    }


def _outcomes(explorer: Explorer, comparison: Comparison) -> list[dict[str, Any]]:
    """Return each outcome with its rows: regimes, or labels where there are none."""
    titles, units = regime_words(comparison), comparison.described.set_index("outcome")["unit"]
    leans = comparison.leans["leans"].tolist()
    found = []
    for outcome, own in explorer.results.groupby("outcome", sort=False):
        unit = str(units[outcome])
        labels = list(dict.fromkeys(own["at"]))
        governed = (own["regime"] != "").any()
        rows: dict[str, dict[str, Any]] = {}
        for place, regime, at in own[["regime", "at"]].itertuples(name=None):
            label = titles[regime] if governed else place_words(at) or outcome_words(str(outcome), unit)
            row = rows.setdefault(label, {"label": label.replace(" %", "\u00a0%"), "places": [], "leans": []})
            row["places"].append(place)
            row["leans"].append(leans[place])
        shown = [place_words(at) for at in labels] if governed else [""]
        words = outcome_words(str(outcome), unit)
        found.append({"words": words, "unit": unit, "labels": shown, "rows": list(rows.values())})
    return found


def _mark(source: str) -> str:
    return DAGGER if source.lower().startswith("illustrative") else ""


def _columns(draws: xr.DataArray) -> str:
    return b64encode(np.ascontiguousarray(draws.values, dtype="<f4").tobytes()).decode("ascii")
