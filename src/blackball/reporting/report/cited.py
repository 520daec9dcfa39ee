"""Sources, numbered once for the whole report, so that every number says whence it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.regimes.read import parse_regimes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import xarray as xr

    from blackball.regimes import Regimes

__all__ = ["cite", "regimes_kept", "sources_of"]

Sources = dict[str, int]


def sources_of(fit: xr.DataTree) -> Sources:
    """Number every source that a fit names: of questions, experts, judgements, priors and regimes.

    Returns
    -------
    dict of str to int
        From 1, in the order of the report.
    """
    return {source: place for place, source in enumerate(dict.fromkeys(_named(fit)), start=1)}


def cite(sources: Mapping[str, int], named: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of some sources, each once, in order; an empty source has none."""
    return tuple(sorted({sources[source] for source in named if source in sources}))


def regimes_kept(fit: xr.DataTree) -> Regimes | None:
    """Return the regimes whose text the fit keeps; None for a model without."""
    text = fit.attrs.get("regimes_text", "")
    return parse_regimes(text, fit.attrs["regimes_file"]) if text else None


def _named(fit: xr.DataTree) -> Iterator[str]:
    if "panel" in fit.children:
        for table in ("questions", "experts", "judgements"):
            yield from filter(None, map(str, fit[f"panel/{table}"].dataset["source"].values.tolist()))
    for variable in fit["posterior"].dataset.data_vars.values():
        if variable.attrs.get("kind") == "quantity" and variable.attrs.get("source"):
            yield str(variable.attrs["source"])
    kept = regimes_kept(fit)
    for row in kept.effective.values() if kept else ():
        yield from (entry.source for entry in row.sets.values())
        yield from (entry.source for entry in row.shifts.values())
