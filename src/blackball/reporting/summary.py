"""The comparison as data: `summary.csv` and `.parquet`, one row a result, and `summary.json`, everything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.compare import INTERVAL
from blackball.reporting.summary_schema import SCHEMA_VERSION, Summary

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import xarray as xr
    from pydantic import JsonValue

    from blackball.decisions import Comparison

__all__ = ["summary", "summary_rows", "write_csv", "write_json", "write_parquet"]

# Texts of input files: their hashes, which are exported, stand for them.
WHOLE_FILES = {"model_source", "regimes_text"}
KEYS = ["outcome", "regime", "at"]
PROVENANCE = ["model", "panel", "experts", "seed", "state", "created"]
TABLES = [
    *("regimes", "described", "outcomes", "ranks", "pairs", "leans", "combined", "break_even", "break_even_weights"),
    *("survival", "draws_allowed", "coherence", "diagnosis"),
]


def summary_rows(comparison: Comparison, fit: xr.DataTree) -> pd.DataFrame:
    """Put everything about each result on one row that can stand alone.

    Parameters
    ----------
    comparison : Comparison
    fit : xarray.DataTree
        Whence it comes.

    Returns
    -------
    pandas.DataFrame
        One row for each outcome, regime and label: its regime's title, unit, the columns of
        `Comparison.outcomes`, `ranks` and `leans`, the reference, the interval's kind, the verdict and where
        the fit comes from.
    """
    rows = comparison.outcomes.merge(comparison.ranks, how="left", on=KEYS)
    rows = rows.merge(comparison.leans, how="left", on=KEYS).merge(comparison.described, on="outcome")
    titles = comparison.regimes.set_index("regime")["title"].to_dict()
    rows.insert(2, "title", [titles.get(regime, "") for regime in rows["regime"]])
    known = {name: fit.attrs[name] for name in PROVENANCE if name in fit.attrs}
    constant = {
        "reference": comparison.reference,
        "interval": INTERVAL,
        "verdict": comparison.verdict,
        **known,
    }
    return rows.assign(**constant)


def summary(comparison: Comparison, fit: xr.DataTree) -> Summary:
    """Gather a comparison and its provenance into the published form.

    Parameters
    ----------
    comparison : Comparison
    fit : xarray.DataTree
        Whence it comes; its attributes are the provenance.

    Returns
    -------
    Summary
        With null for numbers that are not defined.
    """
    tables = {name: _records(getattr(comparison, name)) for name in TABLES}
    facts = {
        "schema_version": SCHEMA_VERSION,
        "model": comparison.model,
        "verdict": comparison.verdict,
        "interval": INTERVAL,
        "reference": comparison.reference,
        "provenance": {str(name): _plain(value) for name, value in fit.attrs.items() if name not in WHOLE_FILES},
        "illustrative_inputs": list(comparison.illustrative_inputs),
        "illustrative_priors": list(comparison.illustrative_priors),
        "weights": comparison.weights,
    }
    return Summary.model_validate({**facts, **tables})


def write_csv(comparison: Comparison, fit: xr.DataTree, path: Path) -> None:
    """Write `summary_rows` as CSV; an empty field is a number that is not defined."""
    summary_rows(comparison, fit).to_csv(path, index=False)


def write_parquet(comparison: Comparison, fit: xr.DataTree, path: Path) -> None:
    """Write `summary_rows` as Parquet, with its types; a null is a number that is not defined."""
    summary_rows(comparison, fit).to_parquet(path, index=False)


def write_json(comparison: Comparison, fit: xr.DataTree, path: Path) -> None:
    """Write `summary` as JSON that `summary.schema.json` describes."""
    path.write_text(summary(comparison, fit).model_dump_json(indent=2) + "\n", encoding="utf-8")


def _records(table: pd.DataFrame) -> list[dict[str, JsonValue]]:
    records = table.to_dict("records")
    return [{str(name): _plain(value) for name, value in record.items()} for record in records]


def _plain(value: object) -> JsonValue:
    """Turn one value into plain JSON: undefined numbers to null, text that holds an object is read."""
    if isinstance(value, np.generic | np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, str) and value.startswith("{"):
        return _read(value)
    return value if isinstance(value, str | int) else str(value)


def _read(text: str) -> JsonValue:
    """Read an attribute that holds a JSON object, such as the versions; any other text stays text."""
    try:
        read: JsonValue = json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError:
        return text
    return read
