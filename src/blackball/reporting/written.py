"""The results as text to paste: `summary.md` and `summary.tex`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.reporting.results import result_grids
from blackball.reporting.templates import template
from blackball.reporting.words import illustrative_note, outcome_words, verdict_words

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from blackball.decisions import Comparison

__all__ = ["write_latex", "write_markdown"]


def write_markdown(comparison: Comparison, fit: xr.DataTree, path: Path) -> None:
    """Write every result as Markdown tables, with the verdict, what is illustrative, and whence it comes."""
    path.write_text(_rendered("summary.md.jinja", comparison, fit), encoding="utf-8")


def write_latex(comparison: Comparison, fit: xr.DataTree, path: Path) -> None:
    r"""Write the same as LaTeX `longtable`s with `booktabs` rules, to be read by `\input`."""
    path.write_text(_rendered("summary.tex.jinja", comparison, fit), encoding="utf-8")


def _rendered(name: str, comparison: Comparison, fit: xr.DataTree) -> str:
    described = comparison.described[["outcome", "unit", "meaning"]].itertuples(index=False, name=None)
    known = {fact: fit.attrs.get(fact, "") for fact in ("model", "panel", "seed", "created")}
    return template(name).render(
        model=comparison.model,
        question=fit.attrs.get("question", ""),
        failed=comparison.verdict == "failed",
        verdict=verdict_words(comparison),
        outcomes=[(outcome_words(outcome, unit), meaning) for outcome, unit, meaning in described],
        grids=result_grids(comparison),
        note=illustrative_note(comparison),
        made=", ".join(f"{fact} {value}" for fact, value in known.items()),
    )
