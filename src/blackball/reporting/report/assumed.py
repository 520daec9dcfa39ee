"""What the model assumes: the priors of its quantities, and what each regime changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from blackball.decisions.summary import intervals
from blackball.reporting.effects import setting_words, shift_words
from blackball.reporting.grid import Grid
from blackball.reporting.report.cited import cite, regimes_kept
from blackball.reporting.words import DAGGER, interval_words, number, place_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from blackball.decisions import Comparison

__all__ = ["effects_grid", "priors_grid", "regimes_grid"]


# As `blackball.inference.tree` writes it.
PRIOR = re.compile(r"(?P<label>.* )?(?P<low>\S+) to (?P<high>\S+)")


def priors_grid(fit: xr.DataTree, comparison: Comparison, sources: Mapping[str, int]) -> Grid:
    """Return each uncertain quantity with its prior and what the posterior says of it in the reference regime."""
    rows, cited = [], []
    for name, variable in fit["posterior"].dataset.data_vars.items():
        if variable.attrs.get("kind") != "quantity":
            continue
        attrs, source = variable.attrs, str(variable.attrs.get("source", ""))
        unit = str(attrs.get("unit", ""))
        sign = "probability" if unit == "probability" else ""
        table = intervals(variable)
        own = table[table["regime"].isin(["", comparison.reference])]
        mark = f" {DAGGER}" if source.lower().startswith("illustrative") else ""
        posterior = [
            f"{place_words(at)} {number(median, sign)} ({interval_words(low, high, sign).strip()})".strip()
            for at, median, low, high in own[["at", "median", "q05", "q95"]].itertuples(index=False, name=None)
        ]
        prior = [_prior(stated, sign) for stated in str(attrs.get("prior", "")).split("; ")]
        rows.append((f"{_spoken(str(name))}{mark}", unit, "\n".join(prior), "\n".join(posterior)))
        cited.append(cite(sources, [source]))
    caption = (
        "Uncertain quantities: what the model holds before any judgement, and after all. Prior: central 90 % interval. "
        "Posterior: median and central 90 % interval; in the reference regime where a quantity differs by regime. "
        f"Probabilities in %. {DAGGER} illustrative prior, nobody's published view."
    )
    header = ("Quantity", "Unit", "Prior, 90 %", "Posterior, 90 %")
    return Grid(caption, header, tuple(rows), frozenset({2, 3}), tuple(cited))


def _prior(stated: str, unit: str) -> str:
    """Write a prior such as `trust 0.4 to 0.95` as numbers are written elsewhere."""
    found = PRIOR.fullmatch(stated)
    if found is None:
        return stated
    ends = interval_words(float(found["low"]), float(found["high"]), unit).strip()
    return f"{found['label'] or ''}{ends}"


def regimes_grid(fit: xr.DataTree, comparison: Comparison) -> Grid:
    """Return what each regime is."""
    summaries = dict(
        fit["regimes"].to_dataset()[["summary"]].to_dataframe()["summary"] if "summary" in fit["regimes"] else {}
    )
    facts = ["regime", "title", "jurisdiction", "start", "duration", "held_fixed"]
    rows = tuple(
        (
            f"{title}{' (reference)' if name == comparison.reference else ''}",
            summaries.get(name, ""),
            where,
            f"from {start}, {duration}",
            fixed,
        )
        for name, title, where, start, duration, fixed in comparison.regimes[facts].itertuples(index=False, name=None)
    )
    header = ("Regime", "What it is", "Where", "When", "Held fixed")
    return Grid("The regimes that are compared. The others are set against the reference.", header, rows)


def effects_grid(fit: xr.DataTree, sources: Mapping[str, int]) -> Grid | None:
    """Return what each regime changes, a parameter a row; None without regimes."""
    kept = regimes_kept(fit)
    if kept is None:
        return None
    rows, cited = [], []
    for row in kept.effective.values():
        stated = [
            *((name, setting_words(entry), entry.source) for name, entry in row.sets.items()),
            *((name, shift_words(entry), entry.source) for name, entry in row.shifts.items()),
        ]
        for name, words, source in stated:
            mark = f" {DAGGER}" if source.lower().startswith("illustrative") else ""
            rows.append((row.title, _spoken(name), f"{words}{mark}"))
            cited.append(cite(sources, [source]))
    caption = (
        "What each regime sets, or shifts against the reference: odds × a factor on the odds, × a factor, + a term; "
        f"central 90 % intervals. {DAGGER} illustrative, nobody's published view."
    )
    return Grid(caption, ("Regime", "Parameter", "Number or effect"), tuple(rows), frozenset(), tuple(cited))


def _spoken(name: str) -> str:
    return name.replace("_", " ")
