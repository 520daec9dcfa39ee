"""The ridges: the whole posterior of each outcome in each regime, not only its intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.headlines import headlines, laid_out, samples
from blackball.reporting.panels import by_place, drawn_panels, scale
from blackball.reporting.style import GREY, annotate, colours

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from blackball.decisions import Comparison

__all__ = ["ridge"]

POINTS = 200
HEIGHT = 0.85


def ridge(fit: xr.DataTree, comparison: Comparison) -> Figure:
    """Draw the posterior density of each outcome in each regime, one panel for each outcome and horizon.

    Parameters
    ----------
    fit : xarray.DataTree
    comparison : Comparison
        Of that fit.

    Returns
    -------
    matplotlib.figure.Figure
        Each ridge has the same greatest height; the central 90 % is filled, the median marked, and the
        outline dashed where it leans on illustrative numbers.
    """
    figure, drawn = drawn_panels(comparison)
    draws = {name: laid_out(variable) for name, variable in headlines(fit).items()}
    colour = colours(list(comparison.described["outcome"]))
    leans = by_place(comparison.leans)
    for panel, ax in drawn:
        cells = draws[panel.outcome]
        places = list(zip(*np.indices((cells.sizes["regime"], cells.sizes["at"])).reshape(2, -1), strict=True))
        names = {(str(cells["regime"].values[r]), str(cells["at"].values[a])): (r, a) for r, a in places}
        values = samples(cells)
        scale(ax, comparison.outcomes[comparison.outcomes["outcome"] == panel.outcome], panel.unit)
        for height, key in enumerate(panel.rows):
            dashed = bool(leans[panel.outcome, *key]["leans"])
            _ridge(ax, height + 0.4, values[(slice(None), *names[key])], colour[panel.outcome], dashed=dashed)
    words = "Posterior density of each result, scaled to one height; filled: central 90\u00a0%; line: median."
    under = " under each regime" if len(comparison.regimes) > 1 else ""
    annotate(figure, comparison, f"the whole posterior{under}", words, "Dashed outline:")
    return figure


def _ridge(ax: Axes, base: float, draws: NDArray[np.float64], colour: str, *, dashed: bool) -> None:
    """Draw one density on the scale of its axis."""
    logarithmic = ax.get_xscale() == "log"
    low, high = ax.get_xlim()
    seen = np.log(draws[draws > 0]) if logarithmic else draws
    ax.axhline(base, color=GREY, linewidth=0.5)
    q05, median, q95 = np.quantile(draws, (0.05, 0.5, 0.95))
    if len(seen) < 2 or np.ptp(seen) <= 1e-9 * abs(seen).max(initial=1e-12):
        ax.plot([median, median], [base, base - HEIGHT], color=colour, linewidth=1.6)
        return
    centres, density = _density(seen, *(np.log([low, high]) if logarithmic else (low, high)))
    x = np.exp(centres) if logarithmic else centres
    top = base - HEIGHT * density / density.max()
    ax.plot(x, top, color=colour, linewidth=1, linestyle="--" if dashed else "-")
    ax.fill_between(x, base, top, where=((x >= q05) & (x <= q95)).tolist(), color=colour, alpha=0.35, linewidth=0)
    ax.plot([median, median], [base, np.interp(median, x, top)], color=colour, linewidth=1.4)


def _density(values: NDArray[np.float64], low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Smooth a histogram by a Gaussian of Scott's width (1979, 10.1093/biomet/66.3.605): places and heights."""
    from scipy.ndimage import gaussian_filter1d

    counts, edges = np.histogram(values, bins=POINTS, range=(low, high))
    width = np.std(values) * len(values) ** -0.2 / (edges[1] - edges[0])
    return (edges[1:] + edges[:-1]) / 2, gaussian_filter1d(counts.astype(float), max(width, 1.0), mode="constant")
